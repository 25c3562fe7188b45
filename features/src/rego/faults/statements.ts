// The statements of a text as pieces that are read alone: each starts in the first column, so that a fault stays in its own.
import type { Range } from "#grammars/rego/ast.ts";
import { lexSteps } from "#grammars/rego/lexer.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish } from "#grammars/text/steps.ts";

const certainStart = /^(?:(?:default|import|package)\s|[A-Za-z_][\w.]*(?:\([^\n]*\)|\[[^\n]*\])?\s+(?:if|contains|:=)(?=\s))/u;

/** The pieces of a text from the beginning of one of them on, without what stands before the first token. */
export function statementRanges({ text, version }: ParsedModule, from = 0): readonly Range[] {
  const starts: number[] = [];
  let closedAt = -1;
  for (const token of finish(lexSteps(text.slice(from), version)).tokens) {
    const start = from + token.startOffset;
    const firstColumn = start === 0 || text[start - 1] === "\n" || text[start - 1] === "\r" || text[start - 1] === "\uFEFF";
    const opensStatement = firstColumn && /^[A-Za-z_]/u.test(token.image) && token.image !== "else";
    const inside = token.index < closedAt && !certainStart.test(text.slice(start, start + 200));
    if (starts.length === 0 || (opensStatement && !inside)) starts.push(start);
    if (token.match > token.index) closedAt = Math.max(closedAt, token.match);
  }
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }));
}

/** Statements before the broken one that are looked at with it. */
const margin = 3;

/** Where a statement begins above which all of them are sound; 0 without a package. */
export function soundUntil({ text, module, diagnostics, broken }: ParsedModule): number {
  if (module.package === undefined) return 0;
  const until = diagnostics.reduce((first, { range }) => Math.min(first, range.start), broken ?? text.length);
  const above = [...module.imports, ...module.rules].filter(({ start, end }) => end < until && text[start - 1] === "\n");
  return above.at(-margin)?.start ?? 0;
}
