// What a syntax error says besides its message: OPA's detail of the row, where a bracket opened, how to close a string.
import type { Diagnostic } from "../diagnostic.ts";
import { byteLength, isBroken, isBrokenAt } from "../text/broken-bytes.ts";
import type { Fault } from "./fault-list.ts";

type More = Pick<Diagnostic, "details" | "lines" | "explanation" | "related" | "fixes">;

/** A row of the text, and the byte in it that is at fault. */
interface RowDetail {
  readonly line: string;
  readonly idx: number;
}

/** What is added to each fault of a text: OPA's details, and our explanation where one helps. */
export function faultExplainer(file: string, text: string): (fault: Fault) => More {
  const detailOf = rowDetails(text);
  return (fault) => explain(file, text, fault, detailOf(fault.range.start));
}

/** OPA's detail of one place: the row, the byte in it, and both as lines. */
export function detailAt(text: string, offset: number): Required<Pick<Diagnostic, "details" | "lines">> {
  const details = rowDetails(text)(offset);
  return { details, lines: caretLines(details) };
}

/** The row without its leading tabs, and a caret below the place. */
function caretLines({ line, idx }: RowDetail): readonly string[] {
  const shown = line.replace(/^\t+/, "");
  return [shown, `${" ".repeat(Math.max(0, idx - (line.length - shown.length)))}^`];
}

function explain(file: string, text: string, fault: Fault, details: RowDetail): More {
  const shown = { details, lines: caretLines(details) };
  if (fault.message.startsWith("non-terminated string")) {
    const { start } = fault.range;
    const opened = fault.opened ?? start;
    const feed = text.indexOf("\n", start);
    const line = text.slice(start, feed < 0 ? text.length : feed).replace(/[\s)\]},]*$/, "");
    const at = start + line.length;
    const quote = text[opened] === "$" ? text[opened + 1]! : text[opened]!;
    return {
      ...shown,
      explanation: "The quote opened here is not closed.",
      related: [{ file, range: { start: opened, end: opened + 1 }, message: "the string opens here" }],
      fixes: [{ title: `Insert closing ${quote}`, edits: [{ range: { start: at, end: at }, newText: quote }], preferred: true }],
    };
  }
  const open = /unexpected eof token/.test(fault.message) ? lastOpenBracket(text, fault.range.start) : undefined;
  if (open === undefined) return shown;
  const close = { "{": "}", "[": "]", "(": ")" }[text[open]!]!;
  return {
    ...shown,
    explanation: `The \`${text[open]}\` opened here is not closed.`,
    related: [{ file, range: { start: open, end: open + 1 }, message: `\`${text[open]}\` opens here` }],
    fixes: [{ title: `Insert ${close}`, edits: [{ range: { start: text.length, end: text.length }, newText: close }] }],
  };
}

/** The row of the place, or of what stands before it when that is blank, and the byte in it. Faults of one row share its reading. */
function rowDetails(text: string): (offset: number) => RowDetail {
  let row = { begin: -1, end: -1, at: 0, bytes: 0 };
  return (offset) => {
    let at = Math.max(0, Math.min(offset, text.length - 1));
    while (at > 0 && /[\t-\r \udc85\udca0]/.test(text[at]!)) at--;
    const within = at === offset ? 0 : lastByte(text, at, offset === text.length && at === offset - 1 ? 1 : 3);
    if (within > 0 && isLow(text, at)) at--;
    if (at < row.begin || at >= row.end) {
      let begin = at;
      while (begin > 0 && !isLineEnd(text, begin)) begin--;
      if (isLineEnd(text, begin)) begin++;
      let end = at;
      while (end < text.length && !isLineEnd(text, end)) end++;
      row = { begin: Math.min(begin, end), end, at: begin, bytes: 0 };
    }
    if (at < row.at) row = { ...row, at: row.begin, bytes: 0 };
    row = { ...row, at, bytes: row.bytes + byteLength(text.slice(row.at, at)) };
    return { line: text.slice(row.begin, row.end), idx: row.bytes + within };
  };
}

/**
 * Which byte of the character at an offset comes first from behind; as in OPA, those that alone would be a blank are passed over, and the
 * end of the text lies behind the first byte of its last character.
 */
function lastByte(text: string, at: number, most: number): number {
  const char = String.fromCodePoint(text.codePointAt(isLow(text, at) ? at - 1 : at)!);
  if (isBroken(char)) return 0;
  const bytes = new TextEncoder().encode(char);
  let last = Math.min(bytes.length - 1, most);
  while (last > 0 && (bytes[last] === 0x85 || bytes[last] === 0xa0)) last--;
  return last;
}

/** True for the second half of a pair. */
function isLow(text: string, at: number): boolean {
  return !isBrokenAt(text, at) && /[\udc00-\udfff]/.test(text[at]!);
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === "\n" || text[at] === "\r";
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
