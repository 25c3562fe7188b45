// The statements of a text as pieces that are read alone: each starts in the first column, so that a fault stays in its own.
import type { Range } from "#grammars/rego/ast.ts";
import { lexSteps } from "#grammars/rego/lexer.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { finish } from "#grammars/text/steps.ts";

const certainStart = /^(?:(?:default|import|package)\s|[A-Za-z_][\w.]*(?:\([^\n]*\)|\[[^\n]*\])?\s+(?:if|contains|:=)(?=\s))/u;

/** The pieces of a text from one of them on, without what stands before the first token. What is sound to the end is one piece. */
export function statementRanges(parsed: ParsedModule, from = 0): readonly Range[] {
  const { text, version } = parsed;
  const until = soundFrom(parsed);
  const starts: number[] = [];
  let closedAt = -1;
  for (const token of finish(lexSteps(text.slice(from, until), version)).tokens) {
    const start = from + token.startOffset;
    const firstColumn = start === 0 || text[start - 1] === "\n" || text[start - 1] === "\r" || text[start - 1] === "\uFEFF";
    const opensStatement = firstColumn && /^[A-Za-z_]/u.test(token.image) && token.image !== "else";
    const inside = token.index < closedAt && !certainStart.test(text.slice(start, start + 200));
    if (starts.length === 0 || (opensStatement && !inside)) starts.push(start);
    if (token.match > token.index) closedAt = Math.max(closedAt, token.match);
  }
  if (until < text.length) starts.push(until);
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }));
}

/** Statements around the broken ones that are looked at with them. */
const margin = 3;

const blanks = /(?:\s|#[^\n]*)*/y;

/** Where a statement begins below which the parser read all of them and complains of none; the end of the text where none is. */
function soundFrom({ text, module, diagnostics }: ParsedModule): number {
  const complaint = diagnostics.reduce((last, { range }) => Math.max(last, range.end), 0);
  const isBlank = (start: number, end: number): boolean => {
    blanks.lastIndex = start;
    blanks.test(text);
    return blanks.lastIndex >= end;
  };
  let next = text.length;
  let first = module.rules.length;
  for (; first > 0; first--) {
    const { start, end } = module.rules[first - 1]!;
    if (start <= complaint || end > next || !isBlank(end, next)) break;
    next = start;
  }
  const below = module.rules.slice(first + margin).find(({ start }) => text[start - 1] === "\n");
  return below?.start ?? text.length;
}

/** Where a statement begins above which all of them are sound; 0 without a package. */
export function soundUntil({ text, module, diagnostics, broken }: ParsedModule): number {
  if (module.package === undefined) return 0;
  const until = diagnostics.reduce((first, { range }) => Math.min(first, range.start), broken ?? text.length);
  const above = [...module.imports, ...module.rules].filter(({ start, end }) => end < until && text[start - 1] === "\n");
  return above.at(-margin)?.start ?? 0;
}
