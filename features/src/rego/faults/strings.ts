// A string or raw string that is not closed: from its quote to the end of the line, closed before the brackets that follow it.
import { endOf, type FaultKind, insertion, lineEnd, type Suspicion } from "./fault.ts";

export const unclosedString: FaultKind = ({ parsed: { text }, error }) => {
  if (!error.message.startsWith("non-terminated string")) return [];
  const { start } = error.range;
  const template = text[start] === "$";
  const quote = text[template ? start + 1 : start];
  // The text may end where a string was to go on.
  if (quote !== '"' && quote !== "`") return [];
  const end = lineEnd(text, start);
  const raw = quote === "`";
  const message = raw
    ? "non-terminated raw string: the backtick opened here is never closed"
    : "non-terminated string: the quote opened here is not closed on this line";
  const places: number[] = [];
  // A comment that stands behind the string is no part of it.
  const comment = raw ? null : /^[^"#]*?[^\s"#](?=\s+#)/u.exec(text.slice(start + 1, end));
  // The longest tail of brackets and commas first; what reads without a fault is taken.
  const tail = /[\s)\]},]*$/u.exec(text.slice(start + 1, end))![0].length;
  for (let place = end - tail; place <= end; place++)
    if (place === end - tail || /[)\]},]/u.test(text[place - 1]!)) places.push(place);
  const behind = comment === null ? [] : [start + 1 + comment[0].length];
  return [...behind, ...places].map(
    (place): Suspicion => ({
      range: { start, end },
      message,
      related: [{ range: { start, end: start + 1 }, message: "the string opens here" }],
      title: `Insert closing ${quote}`,
      repair: [insertion(place, quote)],
      certain: place === end - tail,
    }),
  );
};

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

/** `{"a": "b, "c": 1}`: the string swallowed what follows it, up to the quote that opens the next one. */
export const swallowedQuote: FaultKind = ({ parsed: { text, tokens }, token, before }) => {
  const place = token?.index ?? (before === undefined ? 0 : before.index + 1);
  for (let at = place - 1; at >= 0 && at >= place - 2; at--) {
    const string = tokens[at]!;
    const next = tokens[at + 1];
    const touches = next !== undefined && next.startOffset === endOf(string) && /^[\w-]/u.test(next.image);
    const tail = /\s*[,:)\]}][\s,:)\]}]*"$/u.exec(string.image);
    if (string.tokenType.name !== "StringLiteral" || !touches || tail === null || tail.index === 0) continue;
    const close = string.startOffset + tail.index;
    return [
      {
        range: { start: string.startOffset, end: lineEnd(text, string.startOffset) },
        message: "non-terminated string: the quote opened here is not closed where its text ends",
        title: 'Insert closing "',
        repair: [insertion(close, '"')],
      },
    ];
  }
  return [];
};
