// What stands between the conditions of a body: line breaks or `;`, no comma; and assignments that Rego has not.
import { closerOf, type FaultKind, insertion, lineEnd, rangeOf, type Suspicion } from "./fault.ts";

/** `x if a, b`. */
export const commaBetweenConditions: FaultKind = ({ parsed: { text, tokens }, token, opener }) => {
  if (token?.image !== "," || (opener !== undefined && !opensBody(text, opener))) return [];
  const range = rangeOf(token);
  const message = "conditions stand on lines of their own, or with `;` between them: a comma separates items";
  if (opener !== undefined) return [{ range, message, title: "Use `;`", repair: [{ range, newText: ";" }] }];
  const lineStart = text.lastIndexOf("\n", token.startOffset - 1) + 1;
  const head = /\bif[ \t]+/u.exec(text.slice(lineStart, token.startOffset));
  if (head === null) return [];
  const commas = tokens.filter((one) => one.image === "," && one.startOffset >= token.startOffset && isFree(tokens, one.index));
  const end = lineEnd(text, token.startOffset);
  const found: Suspicion = {
    range,
    message,
    title: "Use `;` in braces",
    repair: [
      insertion(lineStart + head.index + head[0].length, "{ "),
      ...commas.filter((one) => one.startOffset < end).map((one) => ({ range: rangeOf(one), newText: ";" })),
      insertion(end, " }"),
    ],
  };
  return [found];
};

/** `if x > 1` where a condition is meant. */
export const ifInBody: FaultKind = ({ parsed: { text }, token, before, opener }) => {
  if (token?.image !== "if" || opener === undefined || !opensBody(text, opener)) return [];
  if (!token.newlineBefore && before !== opener && before?.image !== ";") return [];
  const range = rangeOf(token);
  const blanks = /^[ \t]*/u.exec(text.slice(range.end))![0].length;
  const message = "`if` stands in the head of a rule: a condition in a body needs none";
  return [
    { range, message, title: "Remove `if`", repair: [{ range: { start: range.start, end: range.end + blanks }, newText: "" }] },
  ];
};

/** True for a token that stands in no bracket. */
function isFree(tokens: readonly { readonly image: string }[], index: number): boolean {
  let depth = 0;
  for (const { image } of tokens.slice(0, index)) {
    if (closerOf.has(image)) depth += 1;
    else if (/^[)\]}]$/u.test(image)) depth -= 1;
  }
  return depth === 0;
}

/** True for a brace that opens the body of a rule, and no object or set. */
export function opensBody(
  text: string,
  { image, startOffset }: { readonly image: string; readonly startOffset: number },
): boolean {
  return image === "{" && /(?:\bif|\belse|\bnot|\bevery\b[^{}\n]*)\s*$/u.test(text.slice(0, startOffset));
}

const updates = /^(?:[-+*/%]=(?!=)|\+\+|--)/u;

/** `x += 1`, `x++`. */
export const updateInPlace: FaultKind = ({ parsed: { text }, error }) => {
  const at = [error.range.start - 1, error.range.start].find((place) => place > 0 && updates.test(text.slice(place, place + 3)));
  if (at === undefined) return [];
  const operator = updates.exec(text.slice(at, at + 3))![0];
  const range = { start: at, end: at + operator.length };
  const message = `Rego has no \`${operator}\`: a variable keeps its value, a new value has a new name`;
  return [{ range, message, certain: true }];
};
