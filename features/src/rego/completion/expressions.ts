// Where an expression or a term may stand.
import type { CompletionItem } from "../../completion-item.ts";
import { callableBuiltins, signatureOf } from "../builtin-docs.ts";
import { isOld, orderOf } from "./builtins.ts";
import { type Context, pathOfWritten, schemasOf } from "./context.ts";
import { hostFunctions } from "./host-functions.ts";
import { importable } from "./importable.ts";
import { keyword, ownRules } from "./items.ts";
import { filler, statementBefore } from "./read-around.ts";
import { comparedReference, valueItems } from "./values.ts";

export function expressionItems(context: Context, before: string): readonly CompletionItem[] {
  const { names, offset, options, around } = context;
  const own = around.names;
  const reference = comparedReference(before);
  const path = reference === undefined ? undefined : pathOfWritten(context, reference);
  const items: CompletionItem[] = [];
  const taken = new Set<string>();
  const put = (item: CompletionItem) => {
    if (taken.has(item.label)) return;
    taken.add(item.label);
    items.push(item);
  };
  for (const item of path === undefined ? [] : valueItems(names.project, schemasOf(context), path)) put(item);
  const declaring = new Set(ownDomain.exec(before)?.[1]?.match(/\w+/gu));
  for (const local of own.locals) {
    if (declaring.has(local.name) && local.role !== "argument") continue;
    if (local.scope.start > offset || offset > local.scope.end + 1) continue;
    // The name that is being written is no answer to itself.
    if (local.declaration.start < offset && offset <= local.declaration.end) continue;
    if (context.file.text.slice(local.declaration.end, offset).match(ownValue) && local.role === "assign") continue;
    if (local.name === filler || (local.name === context.word && local.role === "output")) continue;
    put({ label: local.name, kind: "variable", detail: local.role === "argument" ? "argument" : "local variable", rank: 0 });
  }
  const itself = ruleBeingWritten(context);
  for (const item of ownRules(context)) if (item.label !== itself) put(item);
  for (const item of own.imports) put({ label: item.alias, kind: "module", detail: `import ${item.path.join(".")}`, rank: 1 });
  put({ label: "input", kind: "constant", detail: "input document", rank: 1 });
  put({ label: "data", kind: "constant", detail: "data document", rank: 1 });
  const isInBody = context.inside.kind !== "term";
  const startsExpression =
    context.inside.isBehindBar || (isInBody && (/(?:^|\bif|[{;])\s*$/u.test(before) || /^\s+$/u.test(before)));
  for (const word of startsExpression ? ["not", "some", "every"] : []) put(keyword(word, 2, `${word} `));
  // On a line of its own below the expression that it belongs to.
  if (isInBody && /^\s+$/u.test(before)) put(keyword("with", 3, "with "));
  for (const item of scalars) put(item);
  if (/[\w)\]}"]\s+$/u.test(before) && !/\b(?:if|in|not|some|every|with|as|else|import|contains)\s+$/u.test(before))
    for (const word of ["in", "with", "as", "if", "else", "contains"]) put(keyword(word, 2, `${word} `));
  if (startsExpression) for (const item of snippets) put(item);
  for (const row of callableBuiltins()) {
    if (isOld(row, around)) continue;
    put({
      label: row.name,
      kind: "builtin",
      detail: "built-in function",
      documentation: `\`${signatureOf(row)}\`\n\n${row.description}`,
      rank: row.deprecated === true || row.infix !== undefined ? 6 : 4,
      order: orderOf(row.name),
      ...(row.deprecated === true ? { deprecated: true } : {}),
    });
  }
  if (options.autoImport) for (const item of importable(context)) put(item);
  for (const item of hostFunctions(context)) put(item);
  return items;
}

/** The name of the rule that the cursor is in the body or value of: no rule may refer to itself. Fronts of dotted rules are no rules. */
function ruleBeingWritten({ file, offset }: Context): string | undefined {
  return /^(?:default\s+)?([A-Za-z_]\w*)(?!\w|\.)/u.exec(statementBefore(file.text.slice(0, offset)))?.[1];
}

/** The names that `some … in` or `every … in` declares, whose collection is being written. */
const ownDomain = /\b(?:some|every)\b([^;{}|\n]*)\bin\s+[^;{|\n]*$/u;

/** What stands between a variable and the cursor while its own value is written. */
const ownValue = /^[^\n;=]*:=[^\n;|]*$/u;

const scalars: readonly CompletionItem[] = ["true", "false", "null"].map((word) => ({
  ...keyword(word, 3),
  detail: word === "null" ? "null" : "boolean value",
  kind: "constant",
}));

/** What the value of a default may be. */
export const constants: readonly CompletionItem[] = [
  ...["false", "true", "null"].map((word, rank) => ({ ...scalars.find(({ label }) => label === word)!, rank })),
  ...[
    { label: '""', insert: '"$0"', detail: "string" },
    { label: "{}", insert: "{$0}", detail: "object" },
    { label: "[]", insert: "[$0]", detail: "array" },
    { label: "set()", insert: "set()", detail: "set" },
  ].map((item) => ({ ...item, kind: "constant" as const, snippet: true, rank: 3 })),
];

const snippets: readonly CompletionItem[] = [
  { label: "some x in c", insert: "some ${1:x} in ${2:collection}" },
  { label: "some k, v in c", insert: "some ${1:k}, ${2:v} in ${3:collection}" },
  { label: "every x in c {}", insert: "every ${1:x} in ${2:collection} {\n\t$0\n}" },
  { label: "every k, v in c {}", insert: "every ${1:k}, ${2:v} in ${3:collection} {\n\t$0\n}" },
].map((item) => ({
  ...item,
  kind: "snippet" as const,
  detail: "snippet",
  snippet: true,
  rank: 5,
  // Typing on past the keyword is no longer a wish for the snippet: `some x in ` would keep it on the screen.
  filter: item.label.split(" ")[0]!,
}));
