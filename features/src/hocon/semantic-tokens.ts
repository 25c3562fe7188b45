// Semantic tokens of HOCON, from its own token list and the keys of the tree.
import { TokenKind, tokenEnd } from "#grammars/hocon/tokens.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { SemanticToken } from "../semantic-token.ts";
import { usesOf } from "./tree.ts";

/** The tokens of a file, in order, each within one line. */
export function hoconTokens(file: SourceFile): readonly SemanticToken[] {
  const parsed = parsedHocon(file);
  const { tokens, text } = parsed;
  const keys = usesOf(parsed).filter((use) => use.kind === "key");
  const found: SemanticToken[] = keys.map(({ range }) => ({
    range: { start: range.start, end: range.end },
    type: "property",
    modifiers: [],
  }));
  let next = 0;
  const inKey = (offset: number) => {
    while (next < keys.length && keys[next]!.range.end <= offset) next += 1;
    return next < keys.length && keys[next]!.range.start <= offset;
  };
  for (let at = 0; at < tokens.count; at++) {
    const range = { start: tokens.starts[at]!, end: tokenEnd(tokens, at) };
    const type = typeOf(tokens.kinds[at]!);
    if (type !== undefined && !inKey(range.start))
      for (const piece of lines(range, text)) found.push({ range: piece, type, modifiers: [] });
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

function typeOf(kind: number): SemanticToken["type"] | undefined {
  switch (kind) {
    case TokenKind.comment:
      return "comment";
    case TokenKind.string:
    case TokenKind.tripleString:
    case TokenKind.unquoted:
      return "string";
    case TokenKind.number:
      return "number";
    case TokenKind.true:
    case TokenKind.false:
    case TokenKind.null:
      return "keyword";
    case TokenKind.substitution:
      return "variable";
    case TokenKind.equals:
    case TokenKind.plusEquals:
      return "operator";
    default:
      return undefined;
  }
}

function lines(range: { readonly start: number; readonly end: number }, text: string): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let start = range.start;
  for (const line of text.slice(range.start, range.end).split("\n")) {
    const end = start + line.replace(/\r$/u, "").length;
    if (end > start) pieces.push({ start, end });
    start += line.length + 1;
  }
  return pieces;
}
