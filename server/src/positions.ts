// UTF-16 offsets of texts ⇄ LSP positions, in the encoding agreed at `initialize`. The only place that converts.
import type { Position, Range } from "vscode-languageserver";

export type Encoding = "utf-8" | "utf-16";

export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

const LF = 10;
const CR = 13;

/** The lines of one text. `\n`, `\r\n` and a lone `\r` end a line. */
export class Lines {
  readonly text: string;
  readonly #starts: number[] = [0];
  readonly #utf8: boolean;

  constructor(text: string, encoding: Encoding = "utf-16") {
    this.text = text;
    this.#utf8 = encoding === "utf-8";
    if (!text.includes("\r")) {
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
      return;
    }
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char === LF || (char === CR && text.charCodeAt(i + 1) !== LF)) this.#starts.push(i + 1);
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Where a line starts; the text's end for a line past the last. */
  lineStart(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** Where a line ends, before its line break. */
  lineEnd(line: number): number {
    let end = this.#starts[line + 1] ?? this.text.length;
    if (line + 1 < this.#starts.length) {
      if (this.text.charCodeAt(end - 1) === LF) end -= 1;
      if (end > this.lineStart(line) && this.text.charCodeAt(end - 1) === CR) end -= 1;
    }
    return end;
  }

  lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const within = Math.min(Math.max(offset, 0), this.text.length);
    const line = this.lineOf(within);
    const start = this.lineStart(line);
    const end = Math.min(within, this.lineEnd(line));
    return { line, character: this.#utf8 ? utf8Length(this.text, start, end) : end - start };
  }

  rangeOf(range: OffsetRange): Range {
    return { start: this.positionAt(range.start), end: this.positionAt(range.end) };
  }

  /** The offset of a position; positions past a line's end mean its end, as LSP says. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.text.length;
    const start = this.lineStart(position.line);
    const end = this.lineEnd(position.line);
    if (this.#utf8) return offsetOfUtf8(this.text, start, end, position.character);
    return Math.min(start + Math.max(position.character, 0), end);
  }

  offsetsOf(range: Range): OffsetRange {
    return { start: this.offsetAt(range.start), end: this.offsetAt(range.end) };
  }
}

/** The width of a piece of text in the units of an encoding. */
export function width(text: string, start: number, end: number, encoding: Encoding): number {
  return encoding === "utf-8" ? utf8Length(text, start, end) : end - start;
}

function utf8Length(text: string, start: number, end: number): number {
  let length = 0;
  for (let i = start; i < end; i++) {
    const char = text.charCodeAt(i);
    // A surrogate is half of a four-byte character.
    length += char < 0x80 ? 1 : char < 0x800 || (char >= 0xd800 && char < 0xe000) ? 2 : 3;
  }
  return length;
}

function offsetOfUtf8(text: string, start: number, end: number, units: number): number {
  let left = units;
  let at = start;
  while (at < end && left > 0) {
    const code = text.codePointAt(at)!;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > left) break;
    left -= bytes;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}
