// What a kind of fault is: it looks at one broken statement and says what is wrong where, with the edit that would mend it.
import type { Diagnostic, QuickFix, RelatedPlace, TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Token } from "#grammars/rego/tokens.ts";

/** A broken statement with the parser's first complaint about it; offsets count in `parsed.text`. */
export interface Broken {
  readonly parsed: ParsedModule;
  readonly error: Diagnostic;
  /** The first token that does not start before the complaint; undefined at the end of the text. */
  readonly token: Token | undefined;
  /** The token before it. */
  readonly before: Token | undefined;
  /** The bracket that is open there. */
  readonly opener: Token | undefined;
}

export interface Suspicion {
  readonly range: Range;
  readonly message: string;
  readonly related?: readonly Omit<RelatedPlace, "file">[];
  /** What would mend the text; left out when only the reader can know. */
  readonly repair?: readonly TextEdit[];
  /** What is offered to the reader; `repair` under this title comes first. */
  readonly title?: string;
  readonly more?: readonly QuickFix[];
  /** True when no doubt is left, so that the repair need not mend everything. */
  readonly certain?: boolean;
  /** True when the repair only makes the text read, whatever was meant: it is offered when it mends everything, and never taken unasked. */
  readonly guess?: boolean;
}

export type FaultKind = (broken: Broken) => readonly Suspicion[];

export const endOf = (token: Token): number => token.startOffset + token.image.length;

export const rangeOf = (token: Token): Range => ({ start: token.startOffset, end: endOf(token) });

export const insertion = (offset: number, newText: string): TextEdit => ({ range: { start: offset, end: offset }, newText });

/** The blanks between two tokens of one line; the end of the first where the second stands on another line. */
export function gap(before: Token, next: Token | undefined, text: string): Range {
  const start = endOf(before);
  const end = next?.startOffset ?? start;
  return text.slice(start, end).includes("\n") ? { start, end: start } : { start, end };
}

/** Where the line of an offset ends, blanks aside. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  let end = feed < 0 ? text.length : feed;
  while (end > offset && /\s/u.test(text[end - 1]!)) end -= 1;
  return end;
}

/** The blanks at the start of the line of an offset. */
export function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/u.exec(text.slice(start))![0];
}

/** Row of an offset, counted from 1. */
export function rowOf(text: string, offset: number): number {
  let row = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) row += 1;
  return row;
}

/** The word for a bracket in messages. */
export function nameOfOpener(token: Token, text: string): string {
  switch (token.image) {
    case "(": {
      const callee = token.adjacent ? /[\w.]+$/u.exec(text.slice(0, token.startOffset))?.[0] : undefined;
      return callee === undefined ? "the parenthesis" : `the call of \`${callee}\``;
    }
    case "[":
      return token.adjacent ? "the bracket" : "the array";
    default: {
      const before = text.slice(0, token.startOffset);
      if (/(?:\bif|\belse|\bevery\b.*|\bnot)\s*$/u.test(before)) return "the body";
      return /[\w)\]]\s*$/u.test(before) && !/\b(?:as|in|some)\s*$/u.test(before) ? "the body" : "the object or set";
    }
  }
}

/** Opening brackets with their partners, and the other way round. */
export const closerOf: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
export const openerOf: ReadonlyMap<string, string> = new Map([...closerOf].map(([opener, closer]) => [closer, opener]));

/** The index of the bracket that closes the one at an index. */
export function closerOfOpener(tokens: readonly Token[], opener: number): number | undefined {
  let depth = 0;
  for (let index = opener; index < tokens.length; index++) {
    const { image } = tokens[index]!;
    if (closerOf.has(image)) depth += 1;
    if (openerOf.has(image) && --depth === 0) return index;
  }
  return undefined;
}

/** The brackets that close what a piece of text leaves open. */
export function closersOf(text: string): string {
  const open: string[] = [];
  for (const [found] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[{}[\]()]/gu)) {
    if (found === "{") open.push("}");
    else if (found === "[") open.push("]");
    else if (found === "(") open.push(")");
    else if (found === "}" || found === "]" || found === ")") open.pop();
  }
  return open.reverse().join("");
}
