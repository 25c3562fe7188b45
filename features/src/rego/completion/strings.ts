// Inside the quotes of a string: keys of a reference, or texts that it is compared with.
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import type { Completion, CompletionItem } from "../../completion-item.ts";
import { lineBefore } from "../../line-before.ts";
import { argumentKindAt } from "../../roles/argument-kinds.ts";
import { namesOfKind } from "../../roles/role-words.ts";
import { type Context, pathOfWritten, schemasOf } from "./context.ts";
import { type Inside, insideAt } from "./inside.ts";
import { keysBelow } from "./keys.ts";
import { fitting } from "./match.ts";
import { comparedReference, valueItems } from "./values.ts";

const none: Completion = { range: { start: 0, end: 0 }, items: [] };

export function stringAt(parsed: ParsedModule, offset: number): Token | undefined {
  return parsed.tokens.find((token) => {
    const { name } = token.tokenType;
    if (name !== "StringLiteral" && name !== "RawString" && name !== "TemplateText") return false;
    const end = token.startOffset + token.image.length;
    const closed = name !== "TemplateText" && isClosed(token);
    return token.startOffset < offset && (closed ? offset < end : offset <= end);
  });
}

const isClosed = ({ image }: Token): boolean => image.length > 1 && image.endsWith(image[0]!);

const beforeKey = /((?:[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*|\["[^"\]]*"\]|\[[\w$]*\])*)\[$/u;

/** True for the string of `input["…`. */
function isKey(text: string, string: Token): boolean {
  return string.tokenType.name === "StringLiteral" && beforeKey.test(lineBefore(text, string.startOffset));
}

/** What may stand in the quotes of a string. */
export function textItems(context: Context, string: Token): Completion {
  if (isKey(context.file.text, string)) return keyItems(context, string);
  const inside = insideAt(context.project.parsed(context.file), string.startOffset);
  if (inside.isKey && inside.document !== undefined) return quotedItems(context, string, documentKeyItems(context, inside));
  const named = argumentNames(context, string.startOffset);
  return named.length > 0 ? quotedItems(context, string, named) : comparedText(context, string);
}

/** Names of roles, actions and so on, where a function of the library of roles takes one; without quotes. */
function argumentNames({ project, file }: Context, offset: number): readonly CompletionItem[] {
  const kind = argumentKindAt(project, file, offset);
  return (kind === undefined ? [] : namesOfKind(project, kind)).map(({ name, detail }) => ({
    label: name,
    kind: "constant",
    detail,
    rank: 0,
  }));
}

/** The same names where no quote stands yet. */
export function quotedNames(context: Context): readonly CompletionItem[] {
  const names = argumentNames(context, context.offset - context.word.length);
  return names.map((item) => ({ ...item, label: JSON.stringify(item.label), filter: item.label }));
}

/** Keys for an object that `with` puts in the place of a document, where one may begin. */
export function documentKeys(context: Context): readonly CompletionItem[] {
  if (!context.inside.isKey || context.word !== "") return [];
  return documentKeyItems(context, context.inside).map((item) => {
    const label = JSON.stringify(item.label);
    return { ...item, label, insert: `${label}: `, order: 0 };
  });
}

function documentKeyItems(context: Context, { document, keys }: Inside): readonly CompletionItem[] {
  if (document === undefined) return [];
  return keysBelow(context, document).filter(({ label }) => !keys.includes(label));
}

/** The keys that may stand in the quotes of `input["…"]`. */
function keyItems(context: Context, string: Token): Completion {
  const path = pathOfWritten(context, beforeKey.exec(lineBefore(context.file.text, string.startOffset))![1]!);
  return quotedItems(context, string, path === undefined ? [] : keysBelow(context, path));
}

function quotedItems({ file, offset }: Context, string: Token, items: readonly CompletionItem[]): Completion {
  const start = string.startOffset + 1;
  const range = { start, end: isClosed(string) ? start + string.image.length - 2 : offset };
  const quoted = items.map((item) => ({ ...item, insert: JSON.stringify(item.label).slice(1, -1) }));
  return { range, items: fitting(quoted, file.text.slice(start, offset)) };
}

/** The texts that may stand in the quotes of a string that a path is compared with. */
function comparedText(context: Context, string: Token): Completion {
  const { project, file, offset } = context;
  const reference = comparedReference(lineBefore(file.text, string.startOffset));
  const path = reference === undefined ? undefined : pathOfWritten(context, reference);
  if (path === undefined || string.tokenType.name !== "StringLiteral") return none;
  const start = string.startOffset + 1;
  const range = { start, end: isClosed(string) ? start + string.image.length - 2 : offset };
  const texts = valueItems(project, schemasOf(context), path).filter(({ label }) => label.startsWith('"'));
  const items = texts.map((item) => ({ ...item, label: item.label.slice(1, -1) }));
  return { range, items: fitting(items, file.text.slice(start, offset)) };
}
