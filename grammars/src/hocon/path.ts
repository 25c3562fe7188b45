// Path expressions: keys and substitutions, their elements, and the way paths are written.
import type { Range } from "../rego/ast.ts";
import { isSpace } from "./characters.ts";
import { tokenize } from "./lexer.ts";
import { decodeString } from "./string-literal.ts";
import { TokenKind, type TokenList, tokenEnd } from "./tokens.ts";

export interface PathElement extends Range {
  readonly text: string;
}

export interface PathProblem extends Range {
  readonly message: string;
}

export interface PathResult {
  readonly elements: readonly PathElement[];
  readonly problem: PathProblem | undefined;
}

/** Collects the elements of one path expression from its tokens, in order. */
export class PathBuilder {
  readonly elements: PathElement[] = [];
  problem: PathProblem | undefined;
  private text = "";
  private start = -1;
  private end = -1;
  private quoted = false;

  private extend(start: number, end: number): void {
    if (this.start < 0) this.start = start;
    this.end = end;
  }

  /** A quoted string: dots in it mean nothing, and it may be empty. */
  quote(text: string, start: number, end: number): void {
    this.extend(start, end);
    this.text += text;
    this.quoted = true;
  }

  /** Anything else, whitespace included: split at every dot. */
  plain(text: string, start: number): void {
    let from = 0;
    for (let dot = text.indexOf("."); dot >= 0; dot = text.indexOf(".", from)) {
      if (dot > from) this.extend(start + from, start + dot);
      this.text += text.slice(from, dot);
      this.close(start + dot);
      from = dot + 1;
    }
    if (from < text.length) this.extend(start + from, start + text.length);
    this.text += text.slice(from);
  }

  private close(at: number): void {
    if (this.text === "" && !this.quoted) {
      this.problem ??= {
        start: at,
        end: at + 1,
        message:
          'an element of this path is empty: a path has no leading, trailing or doubled dot (write "" for an empty element)',
      };
    }
    this.elements.push({ text: this.text, start: this.start < 0 ? at : this.start, end: this.end < 0 ? at : this.end });
    this.text = "";
    this.start = -1;
    this.end = -1;
    this.quoted = false;
  }

  finish(at: number): PathResult {
    if (this.start < 0 && this.elements.length === 0) {
      this.problem ??= { start: at, end: at, message: "a path is missing here" };
    } else {
      this.close(this.start < 0 ? at - 1 : at);
    }
    return { elements: this.elements, problem: this.problem };
  }
}

/** Feeds token `index` to a path. False when no path can hold it. */
export function addPathToken(builder: PathBuilder, text: string, tokens: TokenList, index: number): boolean {
  const start = tokens.starts[index]!;
  const end = tokenEnd(tokens, index);
  switch (tokens.kinds[index]) {
    case TokenKind.string:
      builder.quote(decodeString(text, start + 1, closedEnd(text, start, end)), start, end);
      return true;
    case TokenKind.tripleString:
      builder.quote(tripleText(text, start, end), start, end);
      return true;
    case TokenKind.number:
    case TokenKind.true:
    case TokenKind.false:
    case TokenKind.null:
    case TokenKind.unquoted:
    case TokenKind.whitespace:
    case TokenKind.invalid:
      builder.plain(text.slice(start, end), start);
      return true;
    default:
      return false;
  }
}

/** Where the text of a quoted string ends; a string that is never closed ends with its token. */
export function closedEnd(text: string, start: number, end: number): number {
  return end - 1 > start && text.charCodeAt(end - 1) === 34 ? end - 1 : end;
}

/** The text between triple quotes; quotes before the last three belong to it. */
export function tripleText(text: string, start: number, end: number): string {
  return text.slice(start + 3, end >= start + 6 && text.endsWith('"""', end) ? end - 3 : end);
}

/** Reads the path expression in `[start, end)`: the inside of a substitution, or a path given as an argument. */
export function parsePath(text: string, start: number, end: number): PathResult & { readonly list: boolean } {
  const inner = text.slice(start, end);
  const tokens = tokenize(inner);
  const builder = new PathBuilder();
  let last = tokens.count - 1;
  let first = 0;
  while (first < last && tokens.kinds[first] === TokenKind.whitespace) first++;
  while (last > first && tokens.kinds[last - 1] === TokenKind.whitespace) last--;
  let list = false;
  if (last - first > 2 && tokens.kinds[last - 1] === TokenKind.closeBracket && tokens.kinds[last - 2] === TokenKind.openBracket) {
    list = true;
    last -= 2;
    while (last > first && tokens.kinds[last - 1] === TokenKind.whitespace) last--;
  }
  for (let index = first; index < last; index++) {
    if (!addPathToken(builder, inner, tokens, index)) {
      const from = tokens.starts[index]!;
      const to = tokenEnd(tokens, index);
      const shown = inner.slice(from, to).trim() || "a line break";
      builder.problem ??= { start: from, end: to, message: `\`${shown}\` cannot stand in a path: put it in quotes` };
    }
  }
  const { elements, problem } = builder.finish(tokens.starts[last]!);
  const move = <T extends Range>(range: T): T => ({ ...range, start: range.start + start, end: range.end + start });
  return { elements: elements.map(move), problem: problem && move(problem), list };
}

/** Splits a path expression as `ConfigUtil.splitPath` does. */
export function splitPath(text: string): PathResult {
  const result = parsePath(text, 0, text.length);
  const [lexical] = tokenize(text).problems;
  return lexical === undefined ? result : { elements: result.elements, problem: lexical };
}

const PLAIN = /^[\p{L}\p{Nd}_-]+$/u;

/** One element as the reference writes it: quoted unless it is letters, digits, `-` and `_`. */
export function renderElement(element: string): string {
  return PLAIN.test(element) ? element : quoteString(element);
}

/** Writes a path as the reference does. */
export function renderPath(path: readonly string[]): string {
  return path.map(renderElement).join(".");
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\b": "\\b",
  "\f": "\\f",
  "\r": "\\r",
  "\t": "\\t",
};

/** A quoted string with the reference's escapes: control characters as `\uXXXX`. */
export function quoteString(text: string): string {
  return `"${text.replace(/["\\\u0000-\u001f]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

/** True when blanks stand at either side: they would be lost in an unquoted element. */
export function hasOuterSpace(text: string): boolean {
  return text !== "" && (isSpace(text.charCodeAt(0)) || isSpace(text.charCodeAt(text.length - 1)));
}
