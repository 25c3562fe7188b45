// A string or raw string that is not closed: from its quote to the end of the line, closed before the brackets that follow it.
import { type FaultKind, insertion, lineEnd, type Suspicion } from "./fault.ts";

export const unclosedString: FaultKind = ({ parsed: { text }, error }) => {
  if (!error.message.startsWith("non-terminated string")) return [];
  const { start } = error.range;
  const template = text[start] === "$";
  const quote = text[template ? start + 1 : start]!;
  const end = lineEnd(text, start);
  const raw = quote === "`";
  const message = raw
    ? "non-terminated raw string: the backtick opened here is never closed"
    : "non-terminated string: the quote opened here is not closed on this line";
  const places: number[] = [];
  // The longest tail of brackets and commas first; what reads without a fault is taken.
  const tail = /[\s)\]},]*$/u.exec(text.slice(start + 1, end))![0].length;
  for (let place = end - tail; place <= end; place++)
    if (place === end - tail || /[)\]},]/u.test(text[place - 1]!)) places.push(place);
  return places.map(
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
