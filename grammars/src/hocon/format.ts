// The formatter: indentation, blanks around separators, blank lines. Comments, order, quoting and the author's line breaks stay, and so
// does the meaning: the result is parsed again, and given up where it would differ.
import { parseHocon } from "./parse.ts";
import { sameMeaning } from "./same-meaning.ts";
import { TokenKind, type TokenList, tokenEnd } from "./tokens.ts";
import type { ParsedHocon } from "./tree.ts";

export interface FormatOptions {
  /** Blanks per level. */
  readonly indent?: number;
}

/** The formatted text; undefined for a text with errors, and where formatting would change what it means. */
export function formatHocon(parsed: ParsedHocon, { indent = 2 }: FormatOptions = {}): string | undefined {
  if (parsed.diagnostics.some(({ severity }) => severity === "error") || parsed.syntax === "properties") return undefined;
  const formatted = new Formatter(parsed, indent).print();
  const again = parseHocon(formatted, { file: parsed.file, syntax: parsed.syntax });
  if (again.diagnostics.some(({ severity }) => severity === "error") || !sameMeaning(parsed, again)) return undefined;
  return formatted;
}

class Formatter {
  private readonly text: string;
  private readonly tokens: TokenList;
  private readonly indent: number;
  private readonly json: boolean;
  /** The line on which each open bracket stands. */
  private readonly open: number[] = [];
  private readonly lines: string[] = [];

  constructor({ text, tokens, syntax }: ParsedHocon, indent: number) {
    this.text = text;
    this.tokens = tokens;
    this.indent = indent;
    this.json = syntax === "json";
  }

  print(): string {
    const { kinds, count } = this.tokens;
    let first = 0;
    for (let index = 0; index < count; index++) {
      if (kinds[index] !== TokenKind.newline && kinds[index] !== TokenKind.end) continue;
      this.line(first, index);
      first = index + 1;
    }
    while (this.lines.length > 0 && this.lines.at(-1) === "") this.lines.pop();
    const mark = this.text.startsWith("\uFEFF") ? "\uFEFF" : "";
    const lineEnd = this.text.includes("\r\n") ? "\r\n" : "\n";
    return mark + this.lines.map((line) => line + lineEnd).join("");
  }

  private line(first: number, last: number): void {
    const { kinds } = this.tokens;
    const content: number[] = [];
    for (let index = first; index < last; index++) if (kinds[index] !== TokenKind.whitespace) content.push(index);
    if (content.length === 0) {
      // At most one blank line in a row, none at the start of a block.
      if (this.lines.length > 0 && this.lines.at(-1) !== "" && !/[{[]$/.test(this.lines.at(-1)!)) this.lines.push("");
      return;
    }
    // A line that closes and opens again (`}, {`) continues the block of the line it closes.
    let block = first;
    let leading = 0;
    while (leading < content.length && isCloser(kinds[content[leading]!]!)) {
      block = this.open.pop() ?? block;
      leading++;
    }
    if (leading > 0 && this.lines.at(-1) === "") this.lines.pop();
    let out = " ".repeat(new Set(this.open.filter((line) => line !== block)).size * this.indent);
    for (const [position, index] of content.entries()) {
      const previous = content[position - 1];
      if (previous !== undefined) out += this.gap(previous, index);
      out += this.text.slice(this.tokens.starts[index]!, tokenEnd(this.tokens, index));
      const kind = kinds[index]!;
      if (isOpener(kind)) this.open.push(block);
      else if (isCloser(kind) && position >= leading) this.open.pop();
    }
    this.lines.push(out.replace(/[ \t\r]+$/, ""));
  }

  /** The blanks between two neighbours of one line. Between simple values they are part of the value and stay. */
  private gap(left: number, right: number): string {
    const { kinds } = this.tokens;
    const a = kinds[left]!;
    const b = kinds[right]!;
    const written = this.text.slice(tokenEnd(this.tokens, left), this.tokens.starts[right]!);
    if (isSimple(a) && isSimple(b)) return written;
    if (b === TokenKind.comma) return "";
    if (a === TokenKind.comma) return " ";
    if (b === TokenKind.comment) return written === "" ? " " : written;
    if (a === TokenKind.equals || a === TokenKind.plusEquals || a === TokenKind.colon) return " ";
    if (b === TokenKind.equals || b === TokenKind.plusEquals) return " ";
    if (b === TokenKind.colon) return this.json || written === "" ? "" : " ";
    if (a === TokenKind.openBrace) return b === TokenKind.closeBrace ? "" : " ";
    if (b === TokenKind.closeBrace) return " ";
    if (a === TokenKind.openBracket || b === TokenKind.closeBracket) return "";
    if (b === TokenKind.openBrace && isSimple(a)) return " ";
    return written === "" ? "" : " ";
  }
}

function isOpener(kind: number): boolean {
  return kind === TokenKind.openBrace || kind === TokenKind.openBracket;
}

function isCloser(kind: number): boolean {
  return kind === TokenKind.closeBrace || kind === TokenKind.closeBracket;
}

function isSimple(kind: number): boolean {
  return kind >= TokenKind.string;
}
