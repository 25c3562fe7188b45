// Parses a HOCON text into a lossless tree.
import type { RelatedPlace } from "../diagnostic.ts";
import { readBodies } from "./bodies.ts";
import { BodyActions, type OpenBody } from "./body-actions.ts";
import { finishParse } from "./finish-parse.ts";
import { tokenize } from "./lexer.ts";
import { reportLexical } from "./lexical-problems.ts";
import { parseProperties } from "./properties.ts";
import { significantFrom, TokenKind, tokenEnd } from "./tokens.ts";
import type { ArrayNode, ObjectNode, ParsedHocon, Root, Syntax } from "./tree.ts";

export type * from "./tree.ts";

export interface ParseOptions {
  readonly file: string;
  readonly syntax?: Syntax;
}

/** Parses a text. Every text has a tree; what is wrong with it is in `diagnostics`, in document order. */
export function parseHocon(text: string, { file, syntax = syntaxOf(file) }: ParseOptions): ParsedHocon {
  if (syntax === "properties") return parseProperties(text, file);
  return parseTokens(text, file, syntax, false);
}

/** The syntax that a file's name stands for; anything but `.json` and `.properties` is HOCON. */
export function syntaxOf(file: string): Syntax {
  if (file.endsWith(".json")) return "json";
  return file.endsWith(".properties") ? "properties" : "conf";
}

/** `exact`: substitutions run over line ends to the next `}`, as in the reference. */
export function parseTokens(text: string, file: string, syntax: Syntax, exact: boolean): ParsedHocon {
  const json = syntax === "json";
  const tokens = tokenize(text, { comments: !json, exact });
  const actions = new BodyActions(file, text, tokens, json);
  reportLexical(actions);
  if (json) reportForeignTokens(actions);
  const tree = parseRoot(actions);
  readBodies(actions, (body) => {
    if (!body.node.closed && !(body.node === tree.body && !tree.braced)) reportUnclosed(actions, body);
  });
  const { problems, late } = actions;
  // The reference lets an open substitution swallow the lines up to the next `}`: its first error comes from that reading.
  return finishParse(
    { file, text, syntax, tree, tokens, problems, late },
    exact ? undefined : () => parseTokens(text, file, syntax, true),
  );
}

/** Strict JSON knows neither unquoted text nor substitutions. */
function reportForeignTokens(actions: BodyActions): void {
  const { tokens, text } = actions;
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kinds[index];
    if (kind !== TokenKind.unquoted && kind !== TokenKind.substitution) continue;
    const start = tokens.starts[index]!;
    const end = tokenEnd(tokens, index);
    const word = text.slice(start, end);
    if (kind === TokenKind.substitution) {
      actions.report("hocon_not_strict_json", "strict JSON has no substitutions", start, end, start);
    } else {
      const fixes = [
        { title: "Put it in quotes", edits: [{ range: { start, end }, newText: JSON.stringify(word) }], preferred: true },
      ];
      actions.report("hocon_not_strict_json", `strict JSON has no unquoted text: \`${word}\` needs quotes`, start, end, start, {
        fixes,
      });
    }
  }
}

function parseRoot(actions: BodyActions): Root {
  const { tokens, text, json } = actions;
  const last = tokens.count - 1;
  const first = significantFrom(tokens.kinds, 0);
  const kind = tokens.kinds[first];
  const end = text.length;
  if (kind !== TokenKind.openBrace && kind !== TokenKind.openBracket) {
    const body: ObjectNode = { kind: "object", start: 0, end, members: [], closed: false };
    if (json) {
      const at = tokens.starts[first]!;
      const message = first === last ? "a JSON document cannot be empty" : "a JSON document starts with `{` or `[`";
      actions.report("hocon_not_strict_json", message, at, tokenEnd(tokens, first), at);
    }
    actions.pending.push({ node: body, first: 0, last });
    return { kind: "root", start: 0, end, body, braced: false };
  }
  const partner = tokens.partners[first]!;
  const closed = tokens.kinds[partner] === (kind === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
  const range = { start: tokens.starts[first]!, end: closed ? tokenEnd(tokens, partner) : tokens.starts[partner]! };
  const body: ObjectNode | ArrayNode =
    kind === TokenKind.openBrace
      ? { kind: "object", ...range, members: [], closed }
      : { kind: "array", ...range, items: [], closed };
  actions.pending.push({ node: body, first: first + 1, last: partner });
  const after = significantFrom(tokens.kinds, closed ? partner + 1 : partner);
  if (after < last) {
    const at = tokens.starts[after]!;
    const related = [
      { file: actions.file, range: { start: range.start, end: range.start + 1 }, message: "the document starts here" },
    ];
    actions.report("hocon_trailing_text", "the document ended before this", at, tokenEnd(tokens, after), at, { related });
  }
  return { kind: "root", start: 0, end, body, braced: true };
}

/** The primary place is the bracket that indentation says was forgotten; the reference stops where the content ends. */
function reportUnclosed(actions: BodyActions, body: OpenBody): void {
  const { node, last } = body;
  const { tokens, file, text } = actions;
  const at = tokens.starts[last]!;
  const close = node.kind === "object" ? "}" : "]";
  const open = node.kind === "object" ? "{" : "[";
  const found = tokens.kinds[last] === TokenKind.end ? "the file ends here" : `\`${text[at]}\` closes something else here`;
  const related: RelatedPlace[] = [{ file, range: { start: at, end: Math.min(at + 1, text.length) }, message: found }];
  let before = at;
  while (before > node.start + 1 && /\s/.test(text[before - 1]!)) before--;
  const insert = close === "}" && text.slice(node.start, before).includes("\n") ? `\n${close}` : close;
  const fixes = [{ title: `Insert \`${close}\``, edits: [{ range: { start: before, end: before }, newText: insert }] }];
  const what = node.kind === "object" ? "object" : "array";
  const message = `missing \`${close}\`: the ${what} opened by this \`${open}\` is not closed`;
  actions.report("hocon_open_bracket", message, node.start, node.start + 1, at, { related, fixes });
}

/** Prints a tree: the text, byte for byte, put together from its tokens. */
export function printHocon({ text, tokens }: ParsedHocon): string {
  let out = "";
  for (let index = 0; index < tokens.count; index++) out += text.slice(tokens.starts[index]!, tokenEnd(tokens, index));
  return out;
}
