// The statements of a text as pieces that are read alone: each starts in the first column, so that a fault stays in its own.
import type { Range } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

const certainStart = /^(?:(?:default|import|package)\s|[A-Za-z_][\w.]*(?:\([^\n]*\)|\[[^\n]*\])?\s+(?:if|contains|:=)(?=\s))/u;

/** The pieces of a text, without what stands before the first token. */
export function statementRanges({ text, tokens }: ParsedModule): readonly Range[] {
  const starts: number[] = [];
  let closedAt = -1;
  for (const token of tokens) {
    const { startOffset: start } = token;
    const firstColumn = start === 0 || text[start - 1] === "\n" || text[start - 1] === "\r" || text[start - 1] === "\uFEFF";
    const opensStatement = firstColumn && /^[A-Za-z_]/u.test(token.image) && token.image !== "else";
    const inside = token.index < closedAt && !certainStart.test(text.slice(start, start + 200));
    if (starts.length === 0 || (opensStatement && !inside)) starts.push(start);
    if (token.match > token.index) closedAt = Math.max(closedAt, token.match);
  }
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }));
}
