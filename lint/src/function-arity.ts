// What arguments functions take.
import type { Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";
import { functionsOf, ruleName } from "./names.ts";
import { perRun } from "./per-run.ts";
import { isVar } from "./terms.ts";

/** By name; of several definitions the first counts. */
const arities = perRun((file: LintFile): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const rule of functionsOf(file)) {
    const name = ruleName(rule);
    if (!found.has(name)) found.set(name, rule.head.args!.length);
  }
  return found;
});

/** Of a function of this file or a builtin; undefined for what is known by neither. */
export function arityOf(file: LintFile, name: string): number | undefined {
  return arities(file).get(name) ?? file.builtins.get(name)?.args.length;
}

/** The names of the arguments in one head. */
export function argNames({ head }: Rule): ReadonlySet<string> {
  return new Set((head.args ?? []).filter(isVar).map(({ name }) => name));
}
