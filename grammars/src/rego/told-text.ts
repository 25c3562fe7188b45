// The places that OPA's parser notes for terms: the row of the first token, and beside it a text that for some begins or ends elsewhere.
import type { Call, Range, Term } from "./ast.ts";
import { leftmost, outerStart } from "./nodes.ts";

/** The text of a term as OPA has it, of `source`; it begins and ends elsewhere than the term for some. */
export function toldText(source: string, term: Term, from?: number): Range {
  if (term.grouped !== undefined) return term.grouped;
  const { start, end } = term;
  switch (term.kind) {
    case "number":
      return { start, end: /^[-.]/u.test(source.slice(start, start + 1)) ? start + 1 : end };
    case "ref":
      return { start: lastToken(source, term.parts[0]!), end };
    case "call":
      if (isNegation(term)) return term;
      if (term.infix !== undefined) return { start: from ?? outerStart(term), end };
      return { start: lastToken(source, term.operator.parts[0]!), end };
    default:
      return term;
  }
}

/** Where the last token of a ref's head begins: OPA looks at its offset only then. `text`: the source. */
export function lastToken(text: string, head: Term): number {
  if (head.grouped !== undefined) return head.grouped.end - 1;
  switch (head.kind) {
    case "call":
      return head.infix === undefined ? lastToken(text, head.operator.parts[0]!) : head.start;
    case "set":
      // `set()` is a call.
      return text[head.start] === "{" ? head.end - 1 : head.start;
    case "array":
    case "object":
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return head.end - 1;
    default:
      return head.start;
  }
}

/** `-x` is `0 - x`, and no operator is told of it. */
export function isNegation({ infix, operator, args: [left] }: Call): boolean {
  return infix === "-" && left?.kind === "number" && left.start === operator.start;
}

/** Where the first token of a term begins that is no parenthesis. */
export function firstOf(term: Term): number {
  for (let at = term; ; ) {
    const next = leftmost(at);
    if (next === undefined) return at.start;
    at = next;
  }
}
