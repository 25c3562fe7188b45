// What a syntax error says besides its message: OPA's detail of the row, where a bracket opened, how to close a string.
import type { Diagnostic } from "../diagnostic.ts";
import type { Fault } from "./reader.ts";

type More = Pick<Diagnostic, "details" | "explanation" | "related" | "fixes">;

/** OPA's details, and our explanation where one helps. */
export function explainFault(file: string, text: string, fault: Fault): More {
  const details = detailOf(text, fault.range.start);
  if (fault.message.startsWith("non-terminated string")) {
    const opened = fault.range.start;
    const feed = text.indexOf("\n", opened);
    const line = text.slice(opened, feed < 0 ? text.length : feed).replace(/[\s)\]},]*$/, "");
    const at = opened + line.length;
    const quote = text[opened] === "$" ? text[opened + 1]! : text[opened]!;
    return {
      details,
      explanation: "The quote opened here is not closed.",
      related: [{ file, range: { start: opened, end: opened + 1 }, message: "the string opens here" }],
      fixes: [{ title: `Insert closing ${quote}`, edits: [{ range: { start: at, end: at }, newText: quote }], preferred: true }],
    };
  }
  const open = /unexpected eof token/.test(fault.message) ? lastOpenBracket(text, fault.range.start) : undefined;
  if (open === undefined) return { details };
  const close = { "{": "}", "[": "]", "(": ")" }[text[open]!]!;
  return {
    details,
    explanation: `The \`${text[open]}\` opened here is not closed.`,
    related: [{ file, range: { start: open, end: open + 1 }, message: `\`${text[open]}\` opens here` }],
    fixes: [{ title: `Insert ${close}`, edits: [{ range: { start: text.length, end: text.length }, newText: close }] }],
  };
}

/** The row of the place, or of what stands before it when that is blank, and the byte in it. */
function detailOf(text: string, offset: number): { readonly line: string; readonly idx: number } {
  let at = Math.min(offset, text.length - 1);
  while (at > 0 && /\s/.test(text[at]!)) at--;
  let begin = Math.max(at, 0);
  while (begin > 0 && text[begin] !== "\n" && text[begin] !== "\r") begin--;
  if (text[begin] === "\n" || text[begin] === "\r") begin++;
  let end = Math.max(at, 0);
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  const encoder = new TextEncoder();
  return { line: text.slice(Math.min(begin, end), end), idx: encoder.encode(text.slice(Math.min(begin, end), at)).length };
}

/** The last bracket that is open at the end of the text, strings and comments aside. */
function lastOpenBracket(text: string, until: number): number | undefined {
  const open: number[] = [];
  const pattern = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[{}[\]()]/g;
  for (const match of text.slice(0, until).matchAll(pattern)) {
    const [found] = match;
    if ("{[(".includes(found)) open.push(match.index);
    else if ("}])".includes(found)) open.pop();
  }
  return open.at(-1);
}
