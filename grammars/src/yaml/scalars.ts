// The scalars of YAML as texts: plain, quoted, literal and folded.
import { endsWord, isBlank, isBreak, isPlainText, isQuotedText } from "./characters.ts";
import { type Mark, scanFault } from "./fault.ts";
import type { Scanner } from "./scanner.ts";

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

export function scanPlainScalar(scanner: Scanner): { readonly value: string; readonly end: Mark } {
  const start = scanner.mark;
  const indent = scanner.indent + 1;
  const fold = new Fold();
  const parts: string[] = [];
  let end = start;
  while (!scanner.atDocumentIndicator() && scanner.at() !== "#") {
    while (!endsWord(scanner.at()) && !endsPlain(scanner)) {
      parts.push(fold.take(), scanner.readRun(isPlainText) || scanner.read());
      end = scanner.mark;
    }
    if (!isBlank(scanner.at()) && !isBreak(scanner.at())) break;
    while (isBlank(scanner.at()) || isBreak(scanner.at())) {
      if (isBreak(scanner.at())) fold.lineBreak(scanner.readBreak());
      else {
        if (fold.broken && scanner.column < indent && scanner.at() === "\t")
          throw scanFault("found a tab character that violates indentation", start, scanner.mark);
        fold.blank(scanner.read());
      }
    }
    if (scanner.flowLevel === 0 && scanner.column < indent) break;
  }
  if (fold.broken) scanner.simpleKeyAllowed = true;
  return { value: parts.join(""), end };
}

function endsPlain(scanner: Scanner): boolean {
  const char = scanner.at();
  if (char === ":" && endsWord(scanner.at(1))) return true;
  return scanner.flowLevel > 0 && ",?[]{}".includes(char);
}

export function scanQuotedScalar(scanner: Scanner, quote: "'" | '"'): string {
  const start = scanner.mark;
  scanner.skip();
  const parts: string[] = [];
  for (;;) {
    if (scanner.atDocumentIndicator()) throw scanFault("found unexpected document indicator", start, scanner.mark);
    if (scanner.at() === "") throw scanFault("found unexpected end of stream", start, scanner.mark);
    const fold = new Fold();
    while (!endsWord(scanner.at())) {
      const char = scanner.at();
      if (char === "'" && quote === "'" && scanner.at(1) === "'") {
        parts.push("'");
        scanner.skip(2);
      } else if (char === quote) break;
      else if (quote === '"' && char === "\\") {
        if (isBreak(scanner.at(1))) {
          scanner.skip();
          scanner.readBreak();
          // An escaped break joins the lines: nothing stands for it, and the blanks behind it go.
          fold.lineBreak("");
          break;
        }
        parts.push(scanEscape(scanner, start));
      } else parts.push(scanner.readRun(isQuotedText) || scanner.read());
    }
    if (scanner.at() === quote) break;
    while (isBlank(scanner.at()) || isBreak(scanner.at())) {
      if (isBreak(scanner.at())) fold.lineBreak(scanner.readBreak());
      else fold.blank(scanner.read());
    }
    parts.push(fold.take());
  }
  scanner.skip();
  return parts.join("");
}

function scanEscape(scanner: Scanner, start: Mark): string {
  const letter = scanner.at(1);
  const plain = escapes[letter];
  const length = hexLength[letter];
  if (plain === undefined && length === undefined) throw scanFault("found unknown escape character", start, scanner.mark);
  scanner.skip(2);
  if (length === undefined) return plain!;
  const digits = scanner.text.slice(scanner.index, scanner.index + length);
  if (digits.length < length || !/^[0-9A-Fa-f]+$/u.test(digits))
    throw scanFault("did not find expected hexdecimal number", start, scanner.mark);
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw scanFault("found invalid Unicode character escape code", start, scanner.mark);
  scanner.skip(length);
  return String.fromCodePoint(code);
}

export function scanBlockScalar(scanner: Scanner, literal: boolean): string {
  const start = scanner.mark;
  scanner.skip();
  const { chomping, increment } = scanHeader(scanner, start);
  while (isBlank(scanner.at())) scanner.skip();
  if (scanner.at() === "#") while (scanner.at() !== "" && !isBreak(scanner.at())) scanner.skip();
  if (scanner.at() !== "" && !isBreak(scanner.at()))
    throw scanFault("did not find expected comment or line break", start, scanner.mark);
  if (scanner.at() !== "") scanner.readBreak();
  const given = increment === 0 ? 0 : Math.max(scanner.indent, 0) + increment;
  let { indent, breaks } = scanBreaks(scanner, given, start);
  const parts: string[] = [];
  let lead = "";
  let leadingBlank = false;
  while (scanner.column === indent && scanner.at() !== "") {
    const blank = isBlank(scanner.at());
    if (!literal && !leadingBlank && !blank && lead.startsWith("\n")) parts.push(breaks === "" ? " " : "");
    else parts.push(lead);
    parts.push(breaks);
    leadingBlank = blank;
    while (scanner.at() !== "" && !isBreak(scanner.at())) parts.push(scanner.read());
    lead = scanner.at() === "" ? "" : scanner.readBreak();
    ({ indent, breaks } = scanBreaks(scanner, indent, start));
  }
  return parts.join("") + (chomping === "-" ? "" : lead) + (chomping === "+" ? breaks : "");
}

/** What follows `|` or `>`: a chomping sign and an indentation digit, in any order. */
function scanHeader(scanner: Scanner, start: Mark): { readonly chomping: string; readonly increment: number } {
  let chomping = "";
  let increment = 0;
  for (let count = 0; count < 2; count++) {
    const char = scanner.at();
    if ((char === "+" || char === "-") && chomping === "") chomping = char;
    else if (/^[0-9]$/u.test(char) && increment === 0) {
      if (char === "0") throw scanFault("found an indentation indicator equal to 0", start, scanner.mark);
      increment = Number(char);
    } else break;
    scanner.skip();
  }
  return { chomping, increment };
}

/** Indentation and empty lines; an indent of 0 is found from the first line that has text. */
function scanBreaks(scanner: Scanner, given: number, start: Mark): { indent: number; breaks: string } {
  let breaks = "";
  let most = 0;
  for (;;) {
    while ((given === 0 || scanner.column < given) && scanner.at() === " ") scanner.skip();
    most = Math.max(most, scanner.column);
    if ((given === 0 || scanner.column < given) && scanner.at() === "\t")
      throw scanFault("found a tab character where an indentation space is expected", start, scanner.mark);
    if (!isBreak(scanner.at())) break;
    breaks += scanner.readBreak();
  }
  return { indent: given > 0 ? given : Math.max(most, scanner.indent + 1, 1), breaks };
}
