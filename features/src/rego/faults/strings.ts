// A string or raw string that is not closed: from its quote to the end of the line, closed before the brackets that follow it.
import type { Token } from "#grammars/rego/tokens.ts";
import { endOf, type FaultKind, insertion, lineEnd, type Suspicion } from "./fault.ts";

const notClosedOnLine = "non-terminated string: the quote opened here is not closed on this line";

export const unclosedString: FaultKind = ({ parsed: { text, tokens }, error }) => {
  if (!error.message.startsWith("non-terminated string")) return [];
  const start = templateAround(tokens, text, error.range.start) ?? error.range.start;
  const template = text[start] === "$";
  const quote = text[template ? start + 1 : start];
  // The text may end where a string was to go on.
  if (quote !== '"' && quote !== "`") return [];
  const end = lineEnd(text, start);
  const raw = quote === "`";
  const message = raw ? "non-terminated raw string: the backtick opened here is never closed" : notClosedOnLine;
  const places: number[] = [];
  // A comment that stands behind the string is no part of it.
  const comment = raw ? null : /^[^"#]*?[^\s"#](?=\s+#)/u.exec(text.slice(start + 1, end));
  // The longest tail of brackets and commas first; what reads without a fault is taken.
  const tail = /[\s)\]},]*$/u.exec(text.slice(start + 1, end))![0].length;
  for (let place = end - tail; place <= end; place++)
    if (place === end - tail || /[)\]},]/u.test(text[place - 1]!)) places.push(place);
  const behind = comment === null ? [] : [start + 1 + comment[0].length];
  const within = raw ? [] : endsWithin(text.slice(start, end)).map((at) => start + at);
  const closedAt = (place: number): Suspicion => ({
    range: { start, end },
    message,
    related: [{ range: { start, end: start + 1 }, message: "the string opens here" }],
    title: `Insert closing ${quote}`,
    repair: [insertion(place, quote)],
  });
  return [...[...behind, ...places, ...within].map(closedAt), { ...closedAt(end - tail), certain: true }];
};

/** Where the text of a string may begin that has no opening quote. */
const mostStarts = 8;

/** `{a": 1}`: a quote that touches what stands before it closes a string that was never opened, and all quotes behind it on the line do the opposite. */
export const unopenedString: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const line = text.lastIndexOf("\n", error.range.start - 1) + 1;
  const closing = tokens.find(
    ({ tokenType, startOffset }) =>
      tokenType.name === "StringLiteral" && startOffset > line && /[^\s([{,$"`]/u.test(text[startOffset - 1]!),
  )?.startOffset;
  if (closing === undefined || closing > lineEnd(text, line)) return [];
  const from = Math.max(line, text.lastIndexOf('"', closing - 1) + 1);
  return startsWithin(text.slice(from, closing)).map((at) => ({
    range: { start: from + at, end: closing },
    message: "the quote that opens this string is missing",
    title: 'Insert opening "',
    repair: [insertion(from + at, '"')],
  }));
};

/** The whole last word first; then, from the right, what follows brackets, commas and operators; then what follows blanks. */
function startsWithin(before: string): readonly number[] {
  const word = /[^\s([{,]*$/u.exec(before)!.index;
  const behind = (sign: RegExp): number[] =>
    [...before.matchAll(sign)].map(({ index, 0: { length } }) => index + length).reverse();
  return [...new Set([word, ...behind(/[([{,:;=|&!<>]\s*/gu), ...behind(/\s+/gu)])].slice(0, mostStarts);
}

/** Where the template string begins whose last part, behind a hole, is not closed on the line. */
function templateAround(tokens: readonly Token[], text: string, part: number): number | undefined {
  if (/^["`$]/u.test(text.slice(part, part + 1))) return undefined;
  const start = tokens.findLast(({ tokenType, startOffset }) => tokenType.name === "TemplateStart" && startOffset < part);
  return start === undefined || text.slice(start.startOffset, part).includes("\n") ? undefined : start.startOffset;
}

/** `$"a {b"`: the expression in a template string is not closed, so that the quote of its end opens a string. */
export const unclosedHole: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const { start } = error.range;
  if (!error.message.startsWith("non-terminated string") || text[start] !== '"') return [];
  const open: number[] = [];
  for (const token of tokens) {
    if (token.startOffset >= start) break;
    if (token.tokenType.name === "HoleStart") open.push(token.startOffset);
    else if (token.tokenType.name === "HoleEnd") open.pop();
  }
  const hole = open.at(-1);
  if (hole === undefined) return [];
  return [
    {
      range: { start: hole, end: start },
      message: "missing `}`: the expression in the template string is not closed",
      title: "Insert `}`",
      repair: [insertion(start, "}")],
    },
  ];
};

/** `$"a {b` at the end of a line: neither the expression nor the string is closed, and what follows on other lines seems to belong to them. */
export const unclosedTemplate: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const found: Suspicion[] = [];
  for (const opened of tokens) {
    const { startOffset: start, tokenType, index } = opened;
    if (tokenType.name !== "TemplateStart" || text[start + 1] !== '"') continue;
    const end = lineEnd(text, start);
    let depth = 0;
    for (let at = index + 1; at < tokens.length && tokens[at]!.startOffset < end; at++) {
      const { name } = tokens[at]!.tokenType;
      depth += name === "HoleStart" ? 1 : name === "HoleEnd" ? -1 : 0;
    }
    if (depth !== 1) continue;
    const tail = /[\s)\]},]*$/u.exec(text.slice(start + 2, end))![0].length;
    const places = Array.from({ length: tail + 1 }, (_, i) => end - tail + i);
    const { start: at } = error.range;
    // What was to stand in the hole only the reader knows.
    const isEmpty = text[end - tail - 1] === "{" && text[end - tail - 2] !== "\\";
    for (const place of at > start && at < end - tail ? [at, ...places] : places)
      found.push({
        range: { start, end },
        message: 'missing `}"`: neither the expression in the template string nor the string is closed on this line',
        related: [{ range: { start, end: start + 2 }, message: "the string opens here" }],
        ...(isEmpty ? {} : { title: 'Insert `}"`' }),
        repair: [insertion(place, isEmpty ? 'name}"' : '}"')],
      });
  }
  return found;
};

/** A raw template string that is never closed: what follows on other lines seems to be its text, and the braces there its holes. */
export const unclosedRawTemplate: FaultKind = ({ parsed: { text, tokens }, error }) => {
  const opened = tokens.findLast(
    ({ tokenType, image, startOffset }) =>
      tokenType.name === "TemplateStart" && image.startsWith("$`") && startOffset <= error.range.start,
  );
  if (opened === undefined || text.includes("`", opened.startOffset + 2)) return [];
  const { startOffset: start } = opened;
  const end = lineEnd(text, start);
  return [
    {
      range: { start, end },
      message: "non-terminated raw template string: the backtick opened here is never closed",
      related: [{ range: { start, end: start + 2 }, message: "the string opens here" }],
      title: "Insert closing `",
      repair: [insertion(end, "`")],
      certain: true,
    },
  ];
};

/** Strings of a line, and places in each, that are tried. */
const mostStrings = 12;
const mostEnds = 4;

/** `{"a: "b", "c": 1}`: a quote is missing somewhere on the line, so that from there on strings are outside and what stood between them is inside. */
export const shiftedQuotes: FaultKind = ({ parsed: { text, tokens } }) => {
  const odd = tokens.find(({ tokenType, image }) => tokenType.name === "StringLiteral" && !/^"(?:[^"\\]|\\.)*"$/u.test(image));
  if (odd === undefined) return [];
  const line = text.lastIndexOf("\n", odd.startOffset) + 1;
  const end = lineEnd(text, line);
  return tokens
    .filter(({ tokenType, startOffset }) => tokenType.name === "StringLiteral" && startOffset >= line && startOffset < end)
    .slice(0, mostStrings)
    .flatMap((string) => {
      const found = endsWithin(string.image).map((at) => unclosedAt(string.startOffset, string.startOffset + at, end));
      return string === odd ? found.map((one) => ({ ...one, message: notClosedOnLine })) : found;
    });
};

/** Where the text of a string may have ended that goes on to the quote which opens the next one. */
function endsWithin(image: string): readonly number[] {
  const found = [/[\s,:;)\]}([{=!<>|&+*/%-]*"$/u.exec(image)?.index ?? 0];
  for (const { index } of image.matchAll(/["\s]*[,:)\]}=!|]|\s/gu)) if (found.length < mostEnds) found.push(index);
  return [...new Set(found)].filter((at) => at > 0);
}

function unclosedAt(open: number, close: number, end: number): Suspicion {
  return {
    range: { start: open, end },
    message: "non-terminated string: the quote opened here is not closed where its text ends",
    title: 'Insert closing "',
    repair: [insertion(close, '"')],
  };
}

/** `{"a": "b, "c": 1}`: the string swallowed what follows it, up to the quote that opens the next one. */
export const swallowedQuote: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  const place = token?.index ?? (before === undefined ? 0 : before.index + 1);
  for (let at = place - 1; at >= 0 && at >= place - 2; at--) {
    const string = tokens[at]!;
    const next = tokens[at + 1];
    const touches = next !== undefined && next.startOffset === endOf(string) && /^[\w-]/u.test(next.image);
    const tail = /\s*[,:)\]}][\s,:)\]}]*"$/u.exec(string.image);
    if (string.tokenType.name !== "StringLiteral" || !touches || tail === null || tail.index === 0) continue;
    const open = string.startOffset;
    return [unclosedAt(open, open + tail.index, lineEnd(text, open))];
  }
  return [];
};
