// `isAdmin`: names of packages, rules and variables with capital letters.
import { headParts } from "#analysis/rego/tree/refs.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { varsOfFile } from "../../rule-vars.ts";

export const preferSnakeCase = fileRule({
  name: "prefer-snake-case",
  category: "style",
  description: "Prefer snake_case for names",
  *check(file) {
    const { package: statement, rules } = file.module;
    yield* (statement?.path ?? []).filter(hasCapitals);
    for (const { head } of rules) yield* headParts(head).filter(hasCapitals);
    for (const { all } of varsOfFile(file)) yield* all.map(({ variable }) => variable).filter(hasCapitals);
  },
});

function hasCapitals(part: Term): boolean {
  const text = textOfPart(part);
  return text !== undefined && text !== text.toLowerCase();
}
