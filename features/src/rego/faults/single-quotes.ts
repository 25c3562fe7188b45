// `'text'`: Rego's strings stand in double quotes.
import type { FaultKind } from "./fault.ts";

export const singleQuotes: FaultKind = ({ parsed: { text }, error }) => {
  const { start } = error.range;
  if (text[start] !== "'") return [];
  const message = "a string stands in double quotes";
  const body = /^'((?:[^'\\\n]|\\.)*)'/u.exec(text.slice(start));
  if (body === null) return [{ range: { start, end: start + 1 }, message, certain: true }];
  const range = { start, end: start + body[0].length };
  const newText = `"${body[1]!.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/gu, '\\"')}"`;
  return [{ range, message, title: "Use double quotes", repair: [{ range, newText }], certain: true }];
};
