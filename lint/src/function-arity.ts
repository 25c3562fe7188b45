// How many arguments functions take.
import { oncePer } from "#grammars/once-per.ts";
import type { LintFile } from "./lint-file.ts";
import { functionsOf, ruleName } from "./names.ts";

/** By name; of several definitions the first counts. */
const arities = oncePer((file: LintFile): ReadonlyMap<string, number> => {
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
