// Comments of other languages: `// …` and `/* … */`.
import type { TextEdit } from "#grammars/diagnostic.ts";
import type { FaultKind } from "./fault.ts";

export const foreignComments: FaultKind = ({ parsed: { text }, error }) => {
  const { start } = error.range;
  if (/^--/u.test(text.slice(start)) && /(?:^|\n)[ \t]*$/u.test(text.slice(0, start))) {
    const range = { start, end: start + 2 };
    const repair = [{ range, newText: "#" }];
    return [{ range, message: "a comment starts with `#`", title: "Use `#`", repair, certain: true }];
  }
  const at = [start - 1, start].find((place) => place >= 0 && /^\/[/*]/u.test(text.slice(place, place + 2)));
  if (at === undefined) return [];
  const message = "a comment starts with `#`";
  if (text[at + 1] === "/") {
    const repair = [{ range: { start: at, end: at + 2 }, newText: "#" }];
    return [{ range: { start: at, end: at + 2 }, message, title: "Use `#`", repair, certain: true }];
  }
  const close = text.indexOf("*/", at + 2);
  const repair = close < 0 ? undefined : blockEdits(text, at, close);
  const fix = repair === undefined ? {} : { title: "Use `#`", repair };
  return [{ range: { start: at, end: at + 2 }, message, ...fix, certain: true }];
};

/** `#` in front of every line of the block; nothing when text follows it on its last line. */
function blockEdits(text: string, open: number, close: number): readonly TextEdit[] | undefined {
  if (/\S/u.test(/^[^\n]*/u.exec(text.slice(close + 2))![0])) return undefined;
  const edits: TextEdit[] = [{ range: { start: open, end: open + 2 }, newText: "#" }];
  for (let feed = text.indexOf("\n", open); feed >= 0 && feed < close; feed = text.indexOf("\n", feed + 1)) {
    const star = /^[ \t]*\*?(?!\/)/u.exec(text.slice(feed + 1))![0];
    edits.push({ range: { start: feed + 1, end: feed + 1 + star.length }, newText: "#" });
  }
  const before = /[ \t]*$/u.exec(text.slice(0, close))![0].length;
  const last = edits.at(-1)!;
  const from = Math.max(close - before, last.range.end);
  return [...edits, { range: { start: from, end: close + 2 }, newText: "" }];
}
