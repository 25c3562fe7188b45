// The host builtins by name: one list of families.
import type { BuiltinFunction, Family } from "./builtin.ts";
import { output } from "./output.ts";
import { time } from "./time.ts";

const families: readonly Family[] = [output, time];

export const hostBuiltins: ReadonlyMap<string, BuiltinFunction> = new Map(families.flatMap((family) => Object.entries(family)));
