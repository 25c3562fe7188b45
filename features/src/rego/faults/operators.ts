// Operators of other languages: `&&`, `||` and `!`.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { closerOf, type FaultKind, indentOf, lineEnd } from "./fault.ts";

export const foreignOperators: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const at = error.range.start;
  const pair = [at - 1, at].find((place) => /^(?:&&|\|\|)/u.test(text.slice(place, place + 2)));
  if (pair !== undefined) {
    const operator = text.slice(pair, pair + 2);
    const range = { start: pair, end: pair + 2 };
    if (operator === "||") {
      const message = "Rego has no `||`: write a rule for each condition, or ask whether a value is `in` a set";
      return [{ range, message, certain: true }];
    }
    const message = "Rego has no `&&`: write the conditions on two lines";
    const repair = split(text, tokens, pair);
    return [{ range, message, title: "Split into two lines", repair, certain: true }];
  }
  if (text[at] === "!" && text[at + 1] !== "=") {
    const range = { start: at, end: at + 1 };
    const after = /^\s*/u.exec(text.slice(at + 1))![0].length;
    const repair = [{ range: { start: at, end: at + 1 + after }, newText: "not " }];
    return [{ range, message: "Rego negates with `not`", title: "Use `not`", repair, certain: true }];
  }
  return [];
};

/** Every `&&` of the line as the end of a line of its own, with braces around where the body has none. */
function split(text: string, tokens: readonly { startOffset: number; image: string }[], at: number): readonly TextEdit[] {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const end = lineEnd(text, at);
  const indent = indentOf(text, at);
  const open: string[] = [];
  for (const token of tokens) {
    if (token.startOffset >= at) break;
    if (token.image in closerOf) open.push(token.image);
    else if (")]}".includes(token.image)) open.pop();
  }
  const inBody = open.at(-1) === "{";
  const inner = inBody ? indent : `${indent}\t`;
  const edits: TextEdit[] = [];
  for (const match of text.slice(lineStart, end).matchAll(/[ \t]*&&[ \t]*/gu)) {
    const start = lineStart + match.index;
    edits.push({ range: { start, end: start + match[0].length }, newText: `\n${inner}` });
  }
  const head = /\bif[ \t]+/u.exec(text.slice(lineStart, at));
  if (!inBody && head !== null) {
    const start = lineStart + head.index;
    edits.unshift({ range: { start, end: start + head[0].length }, newText: `if {\n${inner}` });
    edits.push({ range: { start: end, end }, newText: `\n${indent}}` });
  }
  return edits;
}
