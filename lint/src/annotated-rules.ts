// The rules that METADATA blocks are about.
import type { Annotations } from "#analysis/rego/annotations.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";
import { ruleName } from "./names.ts";

/** In the order of the blocks; what is said of a document goes for all its rules in the file. */
export function annotatedRules(file: LintFile, test: (annotations: Annotations) => boolean): readonly Rule[] {
  return file.annotations.filter(test).flatMap(({ target, scope }) => {
    if (target?.kind !== "rule") return [];
    const rule = target.unit.source;
    return scope === "document" ? file.module.rules.filter((one) => ruleName(one) === ruleName(rule)) : [rule];
  });
}
