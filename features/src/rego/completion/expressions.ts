// Where an expression or a term may stand.
import type { CompletionItem } from "../../completion-item.ts";
import { callableBuiltins, signatureOf } from "../builtin-docs.ts";
import type { ImportName } from "../names.ts";
import { isOld, orderOf } from "./builtins.ts";
import { type Context, pathOfWritten, schemasOf } from "./context.ts";
import { hostFunctions } from "./host-functions.ts";
import { importable } from "./importable.ts";
import { keyword, ownRules } from "./items.ts";
import { filler, statementBefore } from "./read-around.ts";
import { comparedReference, valueItems } from "./values.ts";

export function expressionItems(context: Context, before: string): readonly CompletionItem[] {
  const itself = ruleBeingWritten(context);
  const all = [
    ...comparedValues(context, before),
    ...localItems(context, before),
    ...ownRules(context).filter(({ label }) => label !== itself),
    ...context.around.names.imports.map(importItem),
    ...documents,
    ...wordItems(context, before),
    ...builtinItems(context),
    ...(context.options.autoImport ? importable(context) : []),
    ...hostFunctions(context),
  ];
  // What comes first stands nearer to what a name means here.
  const taken = new Set<string>();
  return all.filter(({ label }) => !taken.has(label) && taken.add(label));
}

/** What the other side of a comparison may be. */
function comparedValues(context: Context, before: string): readonly CompletionItem[] {
  const reference = comparedReference(before);
  const path = reference === undefined ? undefined : pathOfWritten(context, reference);
  return path === undefined ? [] : valueItems(context.names.project, schemasOf(context), path);
}

function localItems({ around, file, offset, word }: Context, before: string): readonly CompletionItem[] {
  const declaring = new Set(ownDomain.exec(before)?.[1]?.match(/\w+/gu));
  return around.names.locals.flatMap(({ name, role, scope, declaration }): readonly CompletionItem[] => {
    if (declaring.has(name) && role !== "argument") return [];
    if (scope.start > offset || offset > scope.end + 1) return [];
    // The name that is being written is no answer to itself.
    if (declaration.start < offset && offset <= declaration.end) return [];
    if (role === "assign" && ownValue.test(file.text.slice(declaration.end, offset))) return [];
    if (name === filler || (name === word && role === "output")) return [];
    return [{ label: name, kind: "variable", detail: role === "argument" ? "argument" : "local variable", rank: 0 }];
  });
}

function importItem({ alias, path }: ImportName): CompletionItem {
  return { label: alias, kind: "module", detail: `import ${path.join(".")}`, rank: 1 };
}

/** Keywords, literals and snippets. */
function wordItems({ inside }: Context, before: string): readonly CompletionItem[] {
  const isInBody = inside.kind !== "term";
  const isLineBegun = isInBody && /^\s+$/u.test(before);
  const startsExpression = inside.isBehindBar || isLineBegun || (isInBody && /(?:^|\bif|[{;])\s*$/u.test(before));
  const isBehindTerm =
    /[\w)\]}"]\s+$/u.test(before) && !/\b(?:if|in|not|some|every|with|as|else|import|contains)\s+$/u.test(before);
  return [
    ...(startsExpression ? ["not", "some", "every"].map((word) => keyword(word, 2, `${word} `)) : []),
    // On a line of its own below the expression that it belongs to.
    ...(isLineBegun ? [keyword("with", 3, "with ")] : []),
    ...scalars,
    ...(isBehindTerm ? ["in", "with", "as", "if", "else", "contains"].map((word) => keyword(word, 2, `${word} `)) : []),
    ...(startsExpression ? snippets : []),
  ];
}

function builtinItems({ around }: Context): readonly CompletionItem[] {
  return callableBuiltins()
    .filter((row) => !isOld(row, around))
    .map((row) => ({
      label: row.name,
      kind: "builtin",
      detail: "built-in function",
      documentation: `\`${signatureOf(row)}\`\n\n${row.description}`,
      rank: row.deprecated === true || row.infix !== undefined ? 6 : 4,
      order: orderOf(row.name),
      ...(row.deprecated === true ? { deprecated: true } : {}),
    }));
}

/** The name of the rule that the cursor is in the body or value of: no rule may refer to itself. Fronts of dotted rules are no rules. */
function ruleBeingWritten({ file, offset }: Context): string | undefined {
  return /^(?:default\s+)?([A-Za-z_]\w*)(?!\w|\.)/u.exec(statementBefore(file.text.slice(0, offset)))?.[1];
}

/** The names that `some … in` or `every … in` declares, whose collection is being written. */
const ownDomain = /\b(?:some|every)\b([^;{}|\n]*)\bin\s+[^;{|\n]*$/u;

/** What stands between a variable and the cursor while its own value is written. */
const ownValue = /^[^\n;=]*:=[^\n;|]*$/u;

const documents: readonly CompletionItem[] = ["input", "data"].map((label) => ({
  label,
  kind: "constant",
  detail: `${label} document`,
  rank: 1,
}));

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
