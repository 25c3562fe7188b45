// A semantic token, and the types and modifiers that there are.
import type { Range } from "#grammars/rego/ast.ts";

const types = [
  "namespace",
  "function",
  "method",
  "parameter",
  "variable",
  "property",
  "enumMember",
  "keyword",
  "operator",
  "string",
  "number",
  "regexp",
  "comment",
  "decorator",
  "macro",
] as const;
const modifiers = [
  "declaration",
  "definition",
  "readonly",
  "defaultLibrary",
  "deprecated",
  "documentation",
  "static",
  "test",
  "input",
  "data",
  "unused",
] as const;

export type TokenType = (typeof types)[number];
export type TokenModifier = (typeof modifiers)[number];

export const semanticLegend: { readonly types: readonly TokenType[]; readonly modifiers: readonly TokenModifier[] } = {
  types,
  modifiers,
};

export interface SemanticToken {
  readonly range: Range;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** A range over several lines as one range per line, without line breaks. */
export function linesOf(range: Range, text: string): readonly Range[] {
  const pieces: Range[] = [];
  let start = range.start;
  for (let at = start; at <= range.end; at++) {
    const ends = at === range.end || text[at] === "\n" || text[at] === "\r";
    if (!ends) continue;
    if (at > start) pieces.push({ start, end: at });
    start = at + 1;
  }
  return pieces;
}
