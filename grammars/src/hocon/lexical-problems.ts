// What the lexer could not read, reported with a fix where one is obvious.
import type { BodyActions } from "./body-actions.ts";

/** Reports the lexical problems of the tokens that `actions` works on. */
export function reportLexical(actions: BodyActions): void {
  const { text } = actions;
  for (const { code, message, start, end, at, order = start } of actions.tokens.problems) {
    actions.report(code, message, start, end, order, { at, lexical: true, ...closingFix(code, text, start, end) });
  }
}

/** Characters of a word that a fix quotes; what is longer is no value that lost its quotes, and each of its characters may be a problem. */
const longestWord = 200;

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
    const first = Math.max(0, start - longestWord);
    const last = Math.min(text.length, end + longestWord);
    while (from > first && !/[\s{}[\],:="]/.test(text[from - 1]!)) from--;
    while (to < last && !/[\s{}[\],"#]/.test(text[to]!)) to++;
    if (to - from > longestWord) return {};
    const word = text.slice(from, to);
    return { fixes: [{ title: "Quote the value", edits: [{ range: { start: from, end: to }, newText: JSON.stringify(word) }] }] };
  }
  return {};
}
