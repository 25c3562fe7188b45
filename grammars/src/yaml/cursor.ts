// Where the scanner is in a YAML text, and what the scalars and tags there depend on.
import { endsWord } from "./characters.ts";
import type { Mark } from "./fault.ts";

export class Cursor {
  readonly text: string;
  index = 0;
  line = 0;
  column = 0;
  indent = -1;
  flowLevel = 0;
  simpleKeyAllowed = true;

  constructor(text: string) {
    this.text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  get mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  /** The character at the place or behind it; the empty text at the end. */
  at(offset = 0): string {
    return this.text[this.index + offset] ?? "";
  }

  skip(count = 1): void {
    this.index += count;
    this.column += count;
  }

  /** Takes one character, astral ones whole. */
  read(): string {
    const char = String.fromCodePoint(this.text.codePointAt(this.index)!);
    this.index += char.length;
    this.column++;
    return char;
  }

  /** Takes at once the characters that are `inside` and the spaces between them; none where the character here is not `inside`. */
  readRun(inside: (code: number) => boolean): string {
    const start = this.index;
    let end = start;
    for (let at = start; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x20 && at > start) continue;
      if (!inside(code)) break;
      end = at + 1;
    }
    this.skip(end - start);
    return this.text.slice(start, end);
  }

  /** Takes a line break as the text that it means. */
  readBreak(): string {
    const char = this.at();
    this.index += char === "\r" && this.at(1) === "\n" ? 2 : 1;
    this.line++;
    this.column = 0;
    return char === "\u2028" || char === "\u2029" ? char : "\n";
  }

  /** Whether `---` or `...` stands at the start of this line. */
  atDocumentIndicator(): boolean {
    if (this.column !== 0) return false;
    const three = this.text.slice(this.index, this.index + 3);
    return (three === "---" || three === "...") && endsWord(this.at(3));
  }
}
