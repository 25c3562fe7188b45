// Parses a HOCON text into a lossless tree. Brackets are taken one by one from a queue, so any depth of nesting is read without recursion.
import type { Diagnostic, RelatedPlace } from "../diagnostic.ts";
import { BodyActions, type OpenBody } from "./body-actions.ts";
import {
  ArrayGroup,
  BodyParser,
  BodyToken,
  Comma,
  IncludeWord,
  Newline,
  ObjectGroup,
  SeparatorToken,
  Stray,
  Substitution,
  Word,
} from "./grammar.ts";
import { tokenize } from "./lexer.ts";
import { lineAt } from "./lines.ts";
import { parseProperties } from "./properties.ts";
import { TokenKind, type TokenList, tokenAt, tokenEnd } from "./tokens.ts";
import type { ArrayNode, FirstError, ObjectNode, ParsedHocon, Root, Syntax } from "./tree.ts";

export type * from "./tree.ts";

export interface ParseOptions {
  readonly file: string;
  readonly syntax?: Syntax;
}

const MOST_DIAGNOSTICS = 1000;

let shared: BodyParser | undefined;

/** Parses a text. Every text has a tree; what is wrong with it is in `diagnostics`, in document order. */
export function parseHocon(text: string, { file, syntax = syntaxOf(file) }: ParseOptions): ParsedHocon {
  if (syntax === "properties") return parseProperties(text, file);
  const parsed = parseTokens(text, file, syntax, false);
  if (parsed.firstError === undefined || !hasOpenSubstitution(parsed.diagnostics)) return parsed;
  // The reference lets an open substitution swallow the lines up to the next `}`: its first error comes from that reading.
  const exact = parseTokens(text, file, syntax, true);
  return { ...parsed, firstError: exact.firstError ?? exact.late[0] ?? parsed.firstError };
}

/** The syntax that a file's name stands for; anything but `.json` and `.properties` is HOCON. */
export function syntaxOf(file: string): Syntax {
  if (file.endsWith(".json")) return "json";
  return file.endsWith(".properties") ? "properties" : "conf";
}

function hasOpenSubstitution(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === "hocon_open_substitution");
}

function parseTokens(text: string, file: string, syntax: Syntax, exact: boolean): ParsedHocon {
  const json = syntax === "json";
  const tokens = tokenize(text, { comments: !json, exact });
  const actions = new BodyActions(file, text, tokens, json);
  for (const { code, message, start, end, at, order = start } of tokens.problems) {
    actions.report(code, message, start, end, order, { at, lexical: true, ...closingFix(code, text, start, end) });
  }
  if (json) reportForeignTokens(actions);
  const tree = parseRoot(actions);
  shared ??= new BodyParser();
  shared.actions = actions;
  for (let body = actions.pending.pop(); body !== undefined; body = actions.pending.pop()) {
    actions.begin(body);
    shared.input = bodyTokens(tokens, body, json, text);
    if (body.node.kind === "array") shared.arrayBody();
    else shared.objectBody();
    actions.finish();
    if (!body.node.closed && !(body.node === tree.body && !tree.braced)) reportUnclosed(actions, body);
  }
  return finishParse(actions, tree, syntax);
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

function finishParse(actions: BodyActions, tree: Root, syntax: Syntax): ParsedHocon {
  const { file, text, tokens, problems, late } = actions;
  problems.sort((a, b) => a.order - b.order);
  late.sort((a, b) => a.start - b.start);
  let firstError: FirstError | undefined;
  const [first] = problems;
  if (first !== undefined) {
    const { kind, at, lexical, diagnostic } = first;
    firstError = {
      kind,
      offset: at,
      line: lexical ? lineAt(text, at) : lineOf(text, tokens, at, diagnostic.code === "hocon_trailing_text"),
      message: diagnostic.message,
    };
  }
  const diagnostics = problems.map(({ diagnostic }) => diagnostic);
  for (const { message, range } of late) diagnostics.push({ file, range, severity: "error", code: "hocon_bad_path", message });
  if (tree.body.kind === "array") {
    const message = "the root of a file must be an object, not an array";
    firstError ??= late[0] ?? { kind: "WrongType", offset: tree.body.start, line: lineAt(text, tree.body.start), message };
    diagnostics.push({
      file,
      range: { start: tree.body.start, end: tree.body.start + 1 },
      severity: "error",
      code: "hocon_root_array",
      message,
    });
  }
  if (late.length > 0) diagnostics.sort((a, b) => a.range.start - b.range.start);
  // A text of nothing but faults is not told about each of them.
  diagnostics.length = Math.min(diagnostics.length, MOST_DIAGNOSTICS);
  return { file, text, syntax, tree, tokens, diagnostics, firstError, late };
}

/**
 * The line that the reference names for an error at `at`. Its brackets and separators have no line of their own: it takes the line of the
 * last token that has one, and adds the line breaks since. Only breaks that it does not read as the end of an element set the line anew.
 */
function lineOf(text: string, tokens: TokenList, at: number, trailing: boolean): number {
  const { kinds, starts } = tokens;
  let index = tokenAt(tokens, at);
  if (hasLine(kinds[index]!) && at > starts[index]!) return lineAt(text, at);
  let breaks = 0;
  while (index > 0 && !hasLine(kinds[index]!)) {
    index--;
    if (kinds[index] !== TokenKind.newline) continue;
    breaks++;
    if ((trailing && breaks === 1) || !endsElement(tokens, index)) return lineAt(text, at);
  }
  if (!hasLine(kinds[index]!)) return lineAt(text, at);
  index = firstOfConcatenation(tokens, index);
  const start = kinds[index] === TokenKind.tripleString ? tokenEnd(tokens, index) : starts[index]!;
  return lineAt(text, start) + breaks;
}

/** The reference gives a concatenation the line of its first token, whatever lines the others swallow. */
function firstOfConcatenation({ kinds }: TokenList, index: number): number {
  let first = index;
  for (let before = index - 1; before >= 0 && (hasLine(kinds[before]!) || kinds[before] === TokenKind.whitespace); before--)
    if (hasLine(kinds[before]!)) first = before;
  return first;
}

/** True for a line break right behind a value or a closing bracket, with nothing but other breaks, blanks and comments between. */
function endsElement({ kinds }: TokenList, newline: number): boolean {
  let index = newline - 1;
  while (index >= 0 && (isTrivia(kinds[index]!) || kinds[index] === TokenKind.newline)) index--;
  const kind = kinds[index];
  return kind !== undefined && (hasLine(kind) || kind === TokenKind.closeBrace || kind === TokenKind.closeBracket);
}

function hasLine(kind: number): boolean {
  return kind >= TokenKind.string;
}

function parseRoot(actions: BodyActions): Root {
  const { tokens, text, json } = actions;
  const last = tokens.count - 1;
  const first = nextSignificant(tokens, 0);
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
  const after = nextSignificant(tokens, closed ? partner + 1 : partner);
  if (after < last) {
    const at = tokens.starts[after]!;
    const related = [
      { file: actions.file, range: { start: range.start, end: range.start + 1 }, message: "the document starts here" },
    ];
    actions.report("hocon_trailing_text", "the document ended before this", at, tokenEnd(tokens, after), at, { related });
  }
  return { kind: "root", start: 0, end, body, braced: true };
}

function nextSignificant(tokens: TokenList, from: number): number {
  let index = from;
  while (isTrivia(tokens.kinds[index]!) || tokens.kinds[index] === TokenKind.newline) index++;
  return index;
}

function isTrivia(kind: number): boolean {
  return kind === TokenKind.whitespace || kind === TokenKind.comment;
}

/** The tokens of one bracket's content, nested brackets folded into one token each. */
function bodyTokens(tokens: TokenList, { first, last, node }: OpenBody, json: boolean, text: string): BodyToken[] {
  const { kinds, starts, partners } = tokens;
  const out: BodyToken[] = [];
  let keyPosition = node.kind === "object" && !json;
  for (let index = first; index < last; index++) {
    const kind = kinds[index] as TokenKind;
    if (isTrivia(kind)) continue;
    const start = starts[index]!;
    switch (kind) {
      case TokenKind.newline:
        out.push(new BodyToken(Newline, start, index));
        if (out.at(-2)?.tokenType !== SeparatorToken && out.at(-2)?.tokenType !== Newline)
          keyPosition = node.kind === "object" && !json;
        continue;
      case TokenKind.comma:
        out.push(new BodyToken(Comma, start, index));
        keyPosition = node.kind === "object" && !json;
        continue;
      case TokenKind.colon:
      case TokenKind.equals:
      case TokenKind.plusEquals:
        out.push(new BodyToken(json && kind !== TokenKind.colon ? Stray : SeparatorToken, start, index));
        break;
      case TokenKind.openBrace:
      case TokenKind.openBracket: {
        out.push(new BodyToken(kind === TokenKind.openBrace ? ObjectGroup : ArrayGroup, start, index));
        const partner = partners[index]!;
        const closed = kinds[partner] === (kind === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
        index = closed ? partner : partner - 1;
        break;
      }
      case TokenKind.closeBrace:
      case TokenKind.closeBracket:
        out.push(new BodyToken(Stray, start, index));
        break;
      case TokenKind.substitution:
        out.push(new BodyToken(Substitution, start, index));
        break;
      case TokenKind.unquoted:
        out.push(
          new BodyToken(keyPosition && isIncludeKeyword(text, start, tokenEnd(tokens, index)) ? IncludeWord : Word, start, index),
        );
        break;
      default:
        out.push(new BodyToken(Word, start, index));
    }
    keyPosition = false;
  }
  return out;
}

function isIncludeKeyword(text: string, start: number, end: number): boolean {
  return end - start === 7 && text.startsWith("include", start);
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

function closingFix(code: string, text: string, start: number, end: number): object {
  if (code === "hocon_open_string") {
    const quotes = text.startsWith('"""', start) ? '"""' : '"';
    const at = quotes === '"' ? end : text.length;
    return {
      fixes: [
        { title: `Insert closing \`${quotes}\``, edits: [{ range: { start: at, end: at }, newText: quotes }], preferred: true },
      ],
    };
  }
  if (code === "hocon_open_substitution") {
    return { fixes: [{ title: "Insert `}`", edits: [{ range: { start: end, end }, newText: "}" }], preferred: true }] };
  }
  if (code === "hocon_reserved_character") {
    let from = start;
    let to = end;
    while (from > 0 && !/[\s{}[\],:="]/.test(text[from - 1]!)) from--;
    while (to < text.length && !/[\s{}[\],"#]/.test(text[to]!)) to++;
    const word = text.slice(from, to);
    return { fixes: [{ title: "Quote the value", edits: [{ range: { start: from, end: to }, newText: JSON.stringify(word) }] }] };
  }
  return {};
}

/** Prints a tree: the text, byte for byte, put together from its tokens. */
export function printHocon({ text, tokens }: ParsedHocon): string {
  let out = "";
  for (let index = 0; index < tokens.count; index++) out += text.slice(tokens.starts[index]!, tokenEnd(tokens, index));
  return out;
}
