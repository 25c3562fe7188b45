// The same rule once more. Regal cuts the text of a rule that has two rows, the first one the longer, and does not find it.
import { moduleToJson } from "#analysis/rego/ast-json.ts";
import { headName } from "#analysis/rego/tree/refs.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { LintFile } from "../../lint-file.ts";
import { fileRule } from "../../rule.ts";
import { ruleRange } from "../../rule-places.ts";

export const duplicateRule = fileRule({
  name: "duplicate-rule",
  category: "bugs",
  description: "Duplicate rule",
  *check(file) {
    const named = Map.groupBy(file.module.rules, ({ head }) => headName(head));
    for (const rules of [...named.values()].flatMap((of) => alike(file, of))) {
      const same = Map.groupBy(rules, (rule) => treeOf(textOf(file, rule)));
      for (const [tree, [first, ...others]] of same) {
        if (tree === undefined || first === undefined || others.length === 0) continue;
        const rows = others.map(({ start }) => file.lines.rowCol(start).row);
        const found = rows.length === 1 ? "Duplicate rule found at line" : "Duplicate rules found at lines";
        yield { range: ruleRange(first), message: `${found} ${rows.join(", ")}` };
      }
    }
  },
});

/** Groups of rules whose texts are the same but for white space. */
function alike(file: LintFile, rules: readonly Rule[]): readonly (readonly Rule[])[] {
  if (rules.length === 1) return [];
  const byText = Map.groupBy(rules, (rule) => textOf(file, rule).replace(/\s+/gu, ""));
  return [...byText.values()].filter((group) => group.length > 1);
}

function textOf(file: LintFile, rule: Rule): string {
  return file.textOf(ruleRange(rule));
}

/** The tree of a rule by itself; as in Regal it is read as Rego v1, and left alone if it is none. */
function treeOf(text: string): string | undefined {
  const parsed = parseModule(`package p\n\nimport rego.v1\n\n${text}`, { file: "" });
  return parsed.diagnostics.length > 0 ? undefined : JSON.stringify(moduleToJson(parsed));
}
