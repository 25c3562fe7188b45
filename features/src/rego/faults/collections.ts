// What collections and comprehensions lack: the bar before a body, the value of a key, the body of `every`.
import { endOf, type FaultKind, insertion, lineEnd, rangeOf } from "./fault.ts";

/** `[x some x in xs]`. */
export const missingBar: FaultKind = ({ token, before, opener }) => {
  const word = [token, before].find((one) => one !== undefined && /^(?:some|every|not)$/u.test(one.image));
  if (word === undefined || opener === undefined || opener.image === "(" || word.index <= opener.index + 1) return [];
  return [
    {
      range: rangeOf(word),
      message: `missing \`|\` before the body of the comprehension`,
      title: "Insert `|`",
      repair: [insertion(word.startOffset, "| ")],
    },
  ];
};

/** `{x, y | some x, y in xs}`. */
export const severalTerms: FaultKind = ({ parsed: { tokens }, token, before, opener }) => {
  if (token === undefined || before?.image !== "|" || opener === undefined || !/^(?:some|every|not)$/u.test(token.image))
    return [];
  const first = tokens[opener.index + 1]!;
  const last = tokens[before.index - 1]!;
  const isSeveral = tokens.slice(first.index, before.index).some(({ image }) => image === ",");
  if (!isSeveral) return [];
  return [
    {
      range: { start: first.startOffset, end: endOf(last) },
      message: "a comprehension has one term before its `|`: several stand in an array",
      title: "Put the terms into an array",
      repair: [insertion(first.startOffset, "["), insertion(endOf(last), "]")],
    },
  ];
};

/** `{"a": 1, "b"}`. */
export const keyWithoutValue: FaultKind = ({ token, before, opener, error }) => {
  if (token === undefined || before === undefined || opener?.image !== "{" || !/^[,}]$/u.test(token.image)) return [];
  if (!error.message.includes('expected ":"')) return [];
  return [{ range: rangeOf(before), message: `missing \`:\` and a value after the key \`${before.image}\``, certain: true }];
};

/** `{"k" := 1}`: an object has `:` between key and value. */
export const assignedKey: FaultKind = ({ parsed: { tokens }, token, before, opener }) => {
  const sign = [token, before].find((one) => one?.image === ":=");
  if (sign === undefined || opener?.image !== "{") return [];
  const key = tokens[sign.index - 1];
  if (key?.tokenType.name !== "StringLiteral") return [];
  const repair = [{ range: { start: endOf(key), end: endOf(sign) }, newText: ":" }];
  return [{ range: rangeOf(sign), message: "an object has `:` between key and value", title: "Use `:`", repair }];
};

/** `every x in xs` without braces, and what of it is there while it is typed. */
export const missingBody: FaultKind = ({ parsed: { text, tokens }, token, error }) => {
  const end = token?.index ?? tokens.length;
  const isMissing = error.message.endsWith("missing body");
  let depth = 0;
  let at = end - 1;
  for (; at > 0; at--) {
    const { image, newlineBefore } = tokens[at]!;
    if (/^[)\]}]$/u.test(image)) depth += 1;
    else if (/^[([{]$/u.test(image)) depth -= 1;
    // The collection may be written out over several lines.
    if (depth === 0 && (image === "every" || (newlineBefore && !isMissing))) break;
  }
  const [every, last] = [tokens[at], tokens[end - 1]];
  if (every?.image !== "every" || last === undefined) return [];
  const isBegun = end - at <= 5 && (token === undefined || token.newlineBefore || token.image === "}");
  if (!isMissing && !isBegun) return [];
  const needs = isMissing ? "a body" : "a variable, a collection and a body";
  return [
    {
      range: { start: every.startOffset, end: Math.min(endOf(last), lineEnd(text, every.startOffset)) },
      message: `\`every\` needs ${needs}: \`every x in xs { … }\``,
      certain: true,
    },
  ];
};
