// Operators of other languages: `&&`, `||`, `!`, `===` and their kin.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { alternativesAt } from "./alternatives.ts";
import { choiceAt, fallbackAt } from "./choices.ts";
import { closerOf, type FaultKind, indentOf, lineEnd, rangeOf } from "./fault.ts";

/** Comparisons of other languages, with Rego's. */
const comparisons: Readonly<Record<string, string>> = {
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "=<": "<=",
  "=>": ">=",
  "=!": "!=",
};

export const foreignOperators: FaultKind = ({ parsed: { text, tokens }, error, token }) => {
  const at = error.range.start;
  const pair =
    [at - 1, at].find((place) => /^(?:&&|\|\|)/u.test(text.slice(place, place + 2))) ?? wordAt(tokens, token, /^(?:and|or)$/u);
  if (pair !== undefined) {
    const operator = /^(?:&&|\|\||\w+)/u.exec(text.slice(pair))![0];
    const range = { start: pair, end: pair + operator.length };
    // The words are operators where they are imported.
    const none = /^\w/u.test(operator)
      ? `\`${operator}\` needs \`import future.keywords.${operator}\`; without it`
      : `Rego has no \`${operator}\`:`;
    if (operator === "||" || operator === "or") {
      const message = `${none} write a rule for each condition, or ask whether a value is \`in\` a set`;
      return [{ range, message, ...alternativesAt(text, tokens, pair), certain: true }];
    }
    const message = `${none} write the conditions on two lines`;
    const repair = isMixed(text, pair) || lineEnd(text, pair) === range.end ? undefined : split(text, tokens, pair, operator);
    if (repair === undefined) return [{ range, message, certain: true }];
    return [{ range, message, title: "Split into two lines", repair, certain: true }];
  }
  const is = wordAt(tokens, token, /^is$/u);
  if (is !== undefined) {
    const found = /^is(?:[ \t]+not\b)?/u.exec(text.slice(is))![0];
    const meant = found === "is" ? "==" : "!=";
    const range = { start: is, end: is + found.length };
    const message = `Rego has no \`${found.replace(/\s+/u, " ")}\`: \`${meant}\` compares`;
    return [{ range, message, title: `Use \`${meant}\``, repair: [{ range, newText: meant }], certain: true }];
  }
  for (const place of [at - 2, at - 1, at]) {
    const found = /^(?:===|!==|<>|=<|=>|=!)/u.exec(text.slice(place, place + 3))?.[0];
    const meant = found === undefined || place < 0 ? undefined : comparisons[found];
    if (found === undefined || meant === undefined) continue;
    const range = { start: place, end: place + found.length };
    const message = `Rego has no \`${found}\`: \`${meant}\` compares`;
    return [{ range, message, title: `Use \`${meant}\``, repair: [{ range, newText: meant }], certain: true }];
  }
  if (text[at] === "!" && text[at + 1] !== "=") {
    const range = { start: at, end: at + 1 };
    const after = /^\s*/u.exec(text.slice(at + 1))![0].length;
    const repair = [{ range: { start: at, end: at + 1 + after }, newText: "not " }];
    return [{ range, message: "Rego negates with `not`", title: "Use `not`", repair, certain: true }];
  }
  const access = [at - 1, at].find((place) => text.slice(place, place + 2) === "?.");
  if (access !== undefined) {
    const range = { start: access, end: access + 2 };
    const message = "Rego has no `?.`: a ref to what is not there is undefined, and no error";
    return [{ range, message, title: "Use `.`", repair: [{ range, newText: "." }], certain: true }];
  }
  const coalesce = [at - 1, at].find((place) => text.slice(place, place + 2) === "??");
  if (coalesce !== undefined) {
    const message =
      'Rego has no `??`: `object.get(x, "key", other)` gives another value for a missing key, `default` for a whole rule';
    return [{ range: { start: coalesce, end: coalesce + 2 }, message, ...fallbackAt(text, coalesce), certain: true }];
  }
  if (text[at] === "?") {
    const message = "Rego has no `? :`: write one rule for each case, `x := 1 if …` and `x := 2 if …`";
    return [{ range: { start: at, end: at + 1 }, message, ...choiceAt(text, at), certain: true }];
  }
  return [];
};

/** Where one of some words, like `and`, stands between two values of one line. */
function wordAt(tokens: readonly Token[], token: Token | undefined, words: RegExp): number | undefined {
  const last = token?.index ?? tokens.length;
  for (const at of [last, last - 1]) {
    const word = tokens[at];
    const next = tokens[at + 1];
    if (word === undefined || at < 1 || word.newlineBefore) continue;
    // Behind a whole value it may end its line while the second one is not written yet.
    const isOpen = (next === undefined || next.newlineBefore) && /^[\w"`)\]}]/u.test(tokens[at - 1]!.image.slice(-1));
    const isBetween = next !== undefined && !next.newlineBefore && /^[\w"'([{`]/u.test(next.image);
    if (word.tokenType.name === "Identifier" && words.test(word.image) && (isOpen || isBetween)) return word.startOffset;
  }
  return undefined;
}

/** True for a line that has `||` too: its conditions are grouped, which two lines would not be. */
function isMixed(text: string, at: number): boolean {
  return /\|\||\bor\b/u.test(text.slice(text.lastIndexOf("\n", at) + 1, lineEnd(text, at)));
}

/** Every `&&`, or `and`, of the line as the end of a line of its own, with braces around where the body has none; undefined outside of a body. */
function split(text: string, tokens: readonly Token[], at: number, operator: string): readonly TextEdit[] | undefined {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const end = lineEnd(text, at);
  const indent = indentOf(text, at);
  const open: string[] = [];
  for (const token of tokens) {
    if (token.startOffset >= at) break;
    if (closerOf.has(token.image)) open.push(token.image);
    else if (")]}".includes(token.image)) open.pop();
  }
  const inBody = open.at(-1) === "{";
  const inner = inBody ? indent : `${indent}\t`;
  const edits: TextEdit[] = [];
  const between = operator === "&&" ? /[ \t]*&&[ \t]*/gu : /[ \t]+and[ \t]+/gu;
  for (const match of text.slice(lineStart, end).matchAll(between)) {
    const start = lineStart + match.index;
    edits.push({ range: { start, end: start + match[0].length }, newText: `\n${inner}` });
  }
  const head = /\bif[ \t]+/u.exec(text.slice(lineStart, at));
  if (!inBody && head === null) return undefined;
  if (!inBody && head !== null) {
    const start = lineStart + head.index;
    edits.unshift({ range: { start, end: start + head[0].length }, newText: `if {\n${inner}` });
    edits.push({ range: { start: end, end }, newText: `\n${indent}}` });
  }
  return edits;
}

/** `p := x := 1`: one statement gives one value. */
export const secondAssignment: FaultKind = ({ parsed: { tokens }, token }) => {
  if (token === undefined || !isAssignment(token)) return [];
  for (let at = token.index - 1; at >= 0; at--) {
    const before = tokens[at]!;
    if (/^[{;]$|^(?:if|else)$/u.test(before.image)) return [];
    if (isAssignment(before)) {
      const repair = [{ range: rangeOf(token), newText: "==" }];
      const message = `a second \`${token.image}\` in one statement: \`==\` compares`;
      return [{ range: rangeOf(token), message, title: "Use `==`", repair }];
    }
    if (before.newlineBefore) return [];
  }
  return [];
};

function isAssignment({ image }: Token): boolean {
  return image === ":=" || image === "=";
}
