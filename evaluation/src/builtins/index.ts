// The host builtins by name: one list of families.
import type { BuiltinFunction, Family } from "./builtin.ts";

const families: readonly Family[] = [];

export const hostBuiltins: ReadonlyMap<string, BuiltinFunction> = new Map(families.flatMap((family) => Object.entries(family)));
