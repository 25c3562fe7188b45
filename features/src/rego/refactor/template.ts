// `sprintf` to a template string, and back.
import type { ArrayTerm, Call, StringTerm, TemplateString, Term } from "#grammars/rego/ast.ts";
import { type Asked, holds, isAlwaysDefined, isLocalVar, type Refactoring, spanOf, textOf } from "./refactoring.ts";

export function templateChanges(asked: Asked): readonly Refactoring[] {
  return [toTemplate(asked), toSprintf(asked)].filter((one) => one !== undefined);
}

/** Where a value is missing, one has no value and the other a text that says so. */
const caution = (names: readonly string[]): { readonly caution?: string } =>
  names.length === 0
    ? {}
    : { caution: `where ${names.join(" or ")} is undefined, sprintf has no value, and a template string the text <undefined>` };

function toTemplate(asked: Asked): Refactoring | undefined {
  const { path, text } = asked;
  const call = path.findLast(
    (node): node is Call => node.kind === "call" && node.operator.parts.length === 1 && textOf(text, node.operator) === "sprintf",
  );
  if (call?.args.length !== 2 || !holds(call, asked.range)) return undefined;
  const [format, values] = call.args as readonly [Term | undefined, Term | undefined];
  if (format?.kind !== "string" || format.raw === true || values?.kind !== "array") return undefined;
  const written = textOf(text, format).slice(1, -1);
  const pieces = written.split(/(%[%sv])/u);
  const verbs = pieces.filter((piece) => /^%[sv]$/u.test(piece));
  // Other verbs, widths and flags have no counterpart.
  if (pieces.some((piece) => !/^%[%sv]$/u.test(piece) && piece.includes("%")) || verbs.length !== values.items.length)
    return undefined;
  const items = (values as ArrayTerm).items;
  if (items.some((item) => /[\n#]/u.test(textOf(text, spanOf(item))) || item.kind === "string")) return undefined;
  let at = 0;
  const body = pieces
    .map((piece) => {
      if (piece === "%%") return "%";
      if (/^%[sv]$/u.test(piece)) return `{${hole(text, items[at++]!)}}`;
      return piece.replaceAll("{", "\\{");
    })
    .join("");
  const unsure = items.filter((item) => !isAlwaysDefined(item, isLocalVar(asked))).map((item) => textOf(text, spanOf(item)));
  return {
    title: "Write it as a template string",
    kind: "refactor.rewrite",
    edits: [{ range: { start: call.start, end: call.end }, newText: `$"${body}"` }],
    ...caution(unsure),
  };
}

/** A set or an object in a hole would be read as its braces. */
function hole(text: string, item: Term): string {
  const own = textOf(text, spanOf(item));
  return own.startsWith("{") ? `(${own})` : own;
}

function toSprintf(asked: Asked): Refactoring | undefined {
  const { path, text } = asked;
  const found = path.findLast((node) => node.kind === "templateString") as TemplateString | undefined;
  if (found === undefined || found.multiline || !holds(found, asked.range)) return undefined;
  // Arguments of a rule are patterns, which call nothing.
  if (asked.rule?.head.args?.some((arg) => holds(arg, found)) === true) return undefined;
  const parts = found.parts.map((part) => {
    if (part.kind === "string") return { text: quoted(part), hole: undefined };
    return { text: "%v", hole: part };
  });
  const holes = parts.flatMap(({ hole: one }) => (one === undefined ? [] : [one]));
  if (
    holes.length === 0 ||
    holes.some((one) => one.with.length > 0 || one.negated || one.body.kind === "some" || one.body.kind === "every")
  )
    return undefined;
  const texts = holes.map((one) => textOf(text, one));
  const unsure = holes.filter((one) => !isAlwaysDefined(one.body as Term, isLocalVar(asked))).map((one) => textOf(text, one));
  return {
    title: "Write it with sprintf",
    kind: "refactor.rewrite",
    edits: [
      {
        range: { start: found.start, end: found.end },
        newText: `sprintf("${parts.map((part) => part.text).join("")}", [${texts.join(", ")}])`,
      },
    ],
    ...caution(unsure),
  };
}

/** A part of a template as a part of a string for `sprintf`. */
const quoted = ({ value }: StringTerm): string => JSON.stringify(value).slice(1, -1).replaceAll("%", "%%");
