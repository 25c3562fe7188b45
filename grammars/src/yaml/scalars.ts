// The scalars of YAML as texts: plain, quoted, literal and folded.
import { endsWord, isBlank, isBreak, isPlainText, isQuotedText } from "./characters.ts";
import type { Cursor } from "./cursor.ts";
import { type Mark, scanFault } from "./fault.ts";

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\u0007",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\u000b",
  f: "\f",
  r: "\r",
  e: "\u001b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};
const hexLength: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Line breaks between the words of a scalar: one becomes a space, of several all but the first stay. */
class Fold {
  private first = "";
  private more = "";
  private blanks = "";
  broken = false;

  blank(char: string): void {
    if (!this.broken) this.blanks += char;
  }

  lineBreak(char: string): void {
    if (this.broken) this.more += char;
    else this.first = char;
    this.broken = true;
    this.blanks = "";
  }

  /** What stands between the words. */
  take(): string {
    const { first, more } = this;
    const text = !this.broken ? this.blanks : first !== "\n" ? first + more : more === "" ? " " : more;
    this.first = "";
    this.more = "";
    this.blanks = "";
    this.broken = false;
    return text;
  }
}

export function scanPlainScalar(cursor: Cursor): { readonly value: string; readonly end: Mark } {
  const start = cursor.mark;
  const indent = cursor.indent + 1;
  const fold = new Fold();
  const parts: string[] = [];
  let end = start;
  while (!cursor.atDocumentIndicator() && cursor.at() !== "#") {
    while (!endsWord(cursor.at()) && !endsPlain(cursor)) {
      parts.push(fold.take(), cursor.readRun(isPlainText) || cursor.read());
      end = cursor.mark;
    }
    if (!isBlank(cursor.at()) && !isBreak(cursor.at())) break;
    while (isBlank(cursor.at()) || isBreak(cursor.at())) {
      if (isBreak(cursor.at())) fold.lineBreak(cursor.readBreak());
      else {
        if (fold.broken && cursor.column < indent && cursor.at() === "\t")
          throw scanFault("found a tab character that violates indentation", start, cursor.mark);
        fold.blank(cursor.read());
      }
    }
    if (cursor.flowLevel === 0 && cursor.column < indent) break;
  }
  if (fold.broken) cursor.simpleKeyAllowed = true;
  return { value: parts.join(""), end };
}

function endsPlain(cursor: Cursor): boolean {
  const char = cursor.at();
  if (char === ":" && endsWord(cursor.at(1))) return true;
  return cursor.flowLevel > 0 && ",?[]{}".includes(char);
}

export function scanQuotedScalar(cursor: Cursor, quote: "'" | '"'): string {
  const start = cursor.mark;
  cursor.skip();
  const parts: string[] = [];
  for (;;) {
    if (cursor.atDocumentIndicator()) throw scanFault("found unexpected document indicator", start, cursor.mark);
    if (cursor.at() === "") throw scanFault("found unexpected end of stream", start, cursor.mark);
    const fold = new Fold();
    while (!endsWord(cursor.at())) {
      const char = cursor.at();
      if (char === "'" && quote === "'" && cursor.at(1) === "'") {
        parts.push("'");
        cursor.skip(2);
      } else if (char === quote) break;
      else if (quote === '"' && char === "\\") {
        if (isBreak(cursor.at(1))) {
          cursor.skip();
          cursor.readBreak();
          // An escaped break joins the lines: nothing stands for it, and the blanks behind it go.
          fold.lineBreak("");
          break;
        }
        parts.push(scanEscape(cursor, start));
      } else parts.push(cursor.readRun(isQuotedText) || cursor.read());
    }
    if (cursor.at() === quote) break;
    while (isBlank(cursor.at()) || isBreak(cursor.at())) {
      if (isBreak(cursor.at())) fold.lineBreak(cursor.readBreak());
      else fold.blank(cursor.read());
    }
    parts.push(fold.take());
  }
  cursor.skip();
  return parts.join("");
}

function scanEscape(cursor: Cursor, start: Mark): string {
  const letter = cursor.at(1);
  const plain = escapes[letter];
  const length = hexLength[letter];
  if (plain === undefined && length === undefined) throw scanFault("found unknown escape character", start, cursor.mark);
  cursor.skip(2);
  if (length === undefined) return plain!;
  const digits = cursor.text.slice(cursor.index, cursor.index + length);
  if (digits.length < length || !/^[0-9A-Fa-f]+$/u.test(digits))
    throw scanFault("did not find expected hexdecimal number", start, cursor.mark);
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw scanFault("found invalid Unicode character escape code", start, cursor.mark);
  cursor.skip(length);
  return String.fromCodePoint(code);
}

export function scanBlockScalar(cursor: Cursor, literal: boolean): string {
  const start = cursor.mark;
  cursor.skip();
  const { chomping, increment } = scanHeader(cursor, start);
  while (isBlank(cursor.at())) cursor.skip();
  if (cursor.at() === "#") while (cursor.at() !== "" && !isBreak(cursor.at())) cursor.skip();
  if (cursor.at() !== "" && !isBreak(cursor.at()))
    throw scanFault("did not find expected comment or line break", start, cursor.mark);
  if (cursor.at() !== "") cursor.readBreak();
  const given = increment === 0 ? 0 : Math.max(cursor.indent, 0) + increment;
  let { indent, breaks } = scanBreaks(cursor, given, start);
  const parts: string[] = [];
  let lead = "";
  let leadingBlank = false;
  while (cursor.column === indent && cursor.at() !== "") {
    const blank = isBlank(cursor.at());
    if (!literal && !leadingBlank && !blank && lead.startsWith("\n")) parts.push(breaks === "" ? " " : "");
    else parts.push(lead);
    parts.push(breaks);
    leadingBlank = blank;
    while (cursor.at() !== "" && !isBreak(cursor.at())) parts.push(cursor.read());
    lead = cursor.at() === "" ? "" : cursor.readBreak();
    ({ indent, breaks } = scanBreaks(cursor, indent, start));
  }
  return parts.join("") + (chomping === "-" ? "" : lead) + (chomping === "+" ? breaks : "");
}

/** What follows `|` or `>`: a chomping sign and an indentation digit, in any order. */
function scanHeader(cursor: Cursor, start: Mark): { readonly chomping: string; readonly increment: number } {
  let chomping = "";
  let increment = 0;
  for (let count = 0; count < 2; count++) {
    const char = cursor.at();
    if ((char === "+" || char === "-") && chomping === "") chomping = char;
    else if (/^[0-9]$/u.test(char) && increment === 0) {
      if (char === "0") throw scanFault("found an indentation indicator equal to 0", start, cursor.mark);
      increment = Number(char);
    } else break;
    cursor.skip();
  }
  return { chomping, increment };
}

/** Indentation and empty lines; an indent of 0 is found from the first line that has text. */
function scanBreaks(cursor: Cursor, given: number, start: Mark): { indent: number; breaks: string } {
  let breaks = "";
  let most = 0;
  for (;;) {
    while ((given === 0 || cursor.column < given) && cursor.at() === " ") cursor.skip();
    most = Math.max(most, cursor.column);
    if ((given === 0 || cursor.column < given) && cursor.at() === "\t")
      throw scanFault("found a tab character where an indentation space is expected", start, cursor.mark);
    if (!isBreak(cursor.at())) break;
    breaks += cursor.readBreak();
  }
  return { indent: given > 0 ? given : Math.max(most, cursor.indent + 1, 1), breaks };
}
