// Where a statement begins, behind a rule's head, behind `default` and `with`.
import type { Range } from "#grammars/rego/ast.ts";
import type { CompletionItem } from "../../completion-item.ts";
import { callableBuiltins } from "../builtin-docs.ts";
import { isOld, orderOf } from "./builtins.ts";
import type { Context } from "./context.ts";
import { keyword, ownRules } from "./items.ts";

export function statementItems({ names, file, around, offset }: Context): readonly CompletionItem[] {
  const own = around.names;
  const items: CompletionItem[] = [];
  const { module } = names.project.parsed(file);
  if (module.package === undefined) items.push(keyword("package", 0, "package "));
  items.push(keyword("import", 1, "import "), keyword("default", 1, "default "));
  if (own.rules.some(({ rule }) => rule.end <= offset)) items.push(keyword("else", 3, "else := "));
  const seen = new Set<string>();
  for (const { path, rule } of own.rules) {
    const label = path.at(-1)!;
    if (seen.has(label)) continue;
    seen.add(label);
    items.push({ label, kind: rule.head.args === undefined ? "variable" : "function", detail: "rule of this package", rank: 0 });
  }
  for (const label of ["allow", "deny", "authorized"]) {
    if (!seen.has(label)) items.push({ label, kind: "variable", detail: "common rule name", rank: 2 });
  }
  return items;
}

export const assignment: CompletionItem = { label: ":=", kind: "keyword", detail: "assigns", insert: ":= ", rank: 0 };

export function headItems(): readonly CompletionItem[] {
  const value = { ...assignment, detail: "value of the rule", rank: 2 };
  return [keyword("if", 0, "if "), keyword("contains", 1, "contains "), value];
}

export function defaultItems({ names, file, offset }: Context): readonly CompletionItem[] {
  const own = names.names(file);
  const isHere = ({ rule }: { rule: Range & { head: Range } }) => rule.start <= offset && offset <= rule.head.end;
  const having = new Set(own.rules.filter((found) => found.rule.default && !isHere(found)).map((found) => found.path.join(".")));
  const labels = new Set(own.rules.filter((rule) => !having.has(rule.path.join("."))).map((rule) => rule.path.at(-1)!));
  // The unfinished `default` takes the rule below it for its own: the words at the start of lines know better.
  for (const [, word] of file.text.matchAll(/^([A-Za-z_]\w*)(?=\s|\[)/gmu)) {
    if (!/^(?:default|package|import)$/u.test(word!) && !having.has([...own.package, word].join("."))) labels.add(word!);
  }
  return [...labels].map((label) => ({
    label,
    kind: "variable",
    detail: "rule without a default",
    insert: `${label} := \${1:false}`,
    snippet: true,
    rank: 0,
  }));
}

export function withItems(context: Context): readonly CompletionItem[] {
  const items: CompletionItem[] = [
    { label: "input", kind: "constant", detail: "input document", insert: "input as ", rank: 0 },
    { label: "data", kind: "constant", detail: "data document", rank: 0 },
  ];
  for (const row of callableBuiltins()) {
    if (row.infix !== undefined || isOld(row, context.around)) continue;
    items.push({
      label: row.name,
      kind: "builtin",
      detail: "built-in function",
      insert: `${row.name} as `,
      rank: 2,
      order: orderOf(row.name),
    });
  }
  for (const item of ownRules(context)) items.push(item);
  for (const item of context.around.names.imports) {
    items.push({ label: item.alias, kind: "module", detail: `import ${item.path.join(".")}`, rank: 1 });
  }
  return items;
}
