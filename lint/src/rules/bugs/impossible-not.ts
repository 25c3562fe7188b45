// `not deny` where `deny` is a set: an empty set is a value, too, so the condition never holds.
import { headParts } from "#analysis/rego/tree/refs.ts";
import type { Range, Ref, Term, Var } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import type { LintFile } from "../../lint-file.ts";
import { importedPaths, rulesOf, textOfPart } from "../../names.ts";
import { projectRule } from "../../rule.ts";
import { ruleVars } from "../../rule-vars.ts";
import { isRef } from "../../terms.ts";

export const impossibleNot = projectRule({
  name: "impossible-not",
  category: "bugs",
  description: "Impossible `not` condition",
  *check(file) {
    const sets = setsOf(file);
    if (sets.size > 0) for (const { path, range } of negatedIn(file)) if (sets.has(path)) yield range;
  },
  collect: (file) => ({ sets: setsOf(file), negated: negatedIn(file) }),
  *judge(collected) {
    const sets = [...collected].flatMap(([file, facts]) => [...facts.sets].map((path) => ({ path, file })));
    const byPath = Map.groupBy(sets, ({ path }) => path);
    for (const [file, { negated }] of collected) {
      for (const { path, range } of negated) {
        if (byPath.get(path)?.some((set) => set.file !== file)) yield { file, range };
      }
    }
  },
});

/** The paths of rules with `contains`, and of sets in Rego v0. */
function setsOf(file: LintFile): ReadonlySet<string> {
  const sets = rulesOf(file).filter(({ head }) => head.key !== undefined && head.value === undefined);
  return new Set(
    sets
      .map(({ head }) => headParts(head))
      .filter((parts) => parts.slice(1).every(({ kind }) => kind === "string"))
      .map((parts) => ["data", ...file.packagePath, ...parts.map(textOfPart)].join(".")),
  );
}

interface Negated {
  /** From `data` on. */
  readonly path: string;
  /** Of its first part. */
  readonly range: Range;
}

/** What is negated and is no variable of its rule. */
function negatedIn(file: LintFile): readonly Negated[] {
  return file.all("expr").flatMap((expr) => {
    const { negated, body } = expr;
    if (!negated || (body.kind !== "var" && !isRef(body as Term))) return [];
    const [first, ...rest] = partsOf(body as Ref | Var);
    if (first?.kind !== "var" || rest.some(({ kind }) => kind !== "string")) return [];
    const rule = file.ruleOf(expr);
    const isArgument = rule.head.args?.some((arg) => textOfPart(arg) === first.name) ?? false;
    if (isArgument || ruleVars(file, rule).above({ ...first, start: expr.start }).length > 0) return [];
    const path =
      first.name === "data" ? ["data"] : (importedPaths(file).get(first.name) ?? ["data", ...file.packagePath, first.name]);
    return [{ path: [...path, ...rest.map(textOfPart)].join("."), range: first }];
  });
}
