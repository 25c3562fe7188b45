// Calls of a function whose first two arguments are calls of it again: `f(a, f(b, c))`.
import { calledFunction } from "#grammars/rego/nodes.ts";
import type { LintFile, NodeOf } from "./lint-file.ts";

/** The outer calls. */
export function nestedCalls(file: LintFile, name: string): readonly NodeOf<"call">[] {
  return file.calls(name).filter(({ args }) => args.slice(0, 2).some((arg) => calledFunction(arg) === name));
}
