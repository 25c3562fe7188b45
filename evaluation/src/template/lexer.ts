// Template text → tokens: text, actions between {{ and }}, with trim markers and comments taken out.
import { goQuote } from "#grammars/text/go-quote.ts";

export type TokenKind =
  | "text"
  | "{{"
  | "}}"
  | "space"
  | "="
  | ":="
  | "|"
  | "("
  | ")"
  | "char"
  | "string"
  | "rune"
  | "number"
  | "variable"
  | "field"
  | "dot"
  | "nil"
  | "bool"
  | "keyword"
  | "identifier"
  | "eof"
  | "error";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly line: number;
}

const keywords = ["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];
const space = /[ \t\r\n]/u;
const word = /[\p{L}\p{Nd}_]/u;

export function tokenize(source: string): readonly Token[] {
  return new Lexer(source).tokens();
}

/** A token as messages show it. */
export function shown({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (kind === "keyword" || kind === "dot" || kind === "nil") return `<${text}>`;
  const chars = [...text];
  return chars.length > 10 ? `${goQuote(chars.slice(0, 10).join(""))}...` : goQuote(text);
}

class Lexer {
  private readonly source: string;
  private at = 0;
  private depth = 0;
  private readonly out: Token[] = [];
  private line = 1;
  private counted = 0;

  constructor(source: string) {
    this.source = source;
  }

  tokens(): readonly Token[] {
    while (this.text());
    return this.out;
  }

  private push(kind: TokenKind, from: number, to = this.at): void {
    for (; this.counted < from; this.counted++) if (this.source[this.counted] === "\n") this.line++;
    this.out.push({ kind, text: this.source.slice(from, to), at: from, line: this.line });
  }

  private error(message: string): false {
    for (; this.counted < this.at; this.counted++) if (this.source[this.counted] === "\n") this.line++;
    this.out.push({ kind: "error", text: message, at: this.at, line: this.line });
    return false;
  }

  /** Text up to the next action and the action; false at the end. */
  private text(): boolean {
    const open = this.source.indexOf("{{", this.at);
    const from = this.at;
    if (open < 0) {
      this.at = this.source.length;
      if (from < this.at) this.push("text", from);
      this.push("eof", this.at);
      return false;
    }
    const trims = this.source[open + 2] === "-" && space.test(this.source[open + 3] ?? "");
    let end = open;
    if (trims) while (end > from && space.test(this.source[end - 1]!)) end--;
    if (end > from) this.push("text", from, end);
    this.at = open + 2 + (trims ? 2 : 0);
    if (this.source.startsWith("/*", this.at)) return this.comment();
    this.push("{{", open, open + 2);
    this.depth = 0;
    while (!this.atEnd()) if (!this.inside()) return false;
    if (this.depth > 0) return this.error("unclosed left paren");
    return this.close(true);
  }

  /** Whether `}}` or ` -}}` comes next. */
  private atEnd(): boolean {
    return this.source.startsWith("}}", this.at) || this.trimsRight();
  }

  private trimsRight(): boolean {
    return space.test(this.source[this.at] ?? "") && this.source.startsWith("-}}", this.at + 1);
  }

  private close(visible: boolean): true {
    const trims = this.trimsRight();
    if (trims) this.at += 2;
    this.at += 2;
    if (visible) this.push("}}", this.at - 2);
    if (trims) while (space.test(this.source[this.at] ?? "")) this.at++;
    return true;
  }

  private comment(): boolean {
    const end = this.source.indexOf("*/", this.at + 2);
    if (end < 0) return this.error("unclosed comment");
    this.at = end + 2;
    return this.atEnd() ? this.close(false) : this.error("comment ends before closing delimiter");
  }

  private inside(): boolean {
    const from = this.at;
    const code = this.source.codePointAt(from);
    if (code === undefined) return this.error("unclosed action");
    const char = String.fromCodePoint(code);
    if (space.test(char)) {
      while (space.test(this.source[this.at] ?? "") && !this.trimsRight()) this.at++;
      this.push("space", from);
      return true;
    }
    this.at += char.length;
    if (char === "=" || char === "|") this.push(char, from);
    else if (char === ":") {
      if (this.source[this.at] !== "=") return this.error("expected :=");
      this.at++;
      this.push(":=", from);
    } else if (char === '"' || char === "'") return this.quoted(char, from);
    else if (char === "`") {
      const end = this.source.indexOf("`", this.at);
      if (end < 0) return this.error("unterminated raw quoted string");
      this.at = end + 1;
      this.push("string", from);
    } else if (char === "(" || char === ")") {
      this.depth += char === "(" ? 1 : -1;
      if (this.depth < 0) return this.error("unexpected right paren");
      this.push(char, from);
    } else if (char === "$" || (char === "." && !/[0-9]/u.test(this.source[this.at] ?? ""))) return this.name(char, from);
    else if (/[.+\-0-9]/u.test(char)) return this.number(from);
    else if (word.test(char)) return this.identifier(from);
    else if (char >= " " && char <= "~") this.push("char", from);
    else return this.error(`unrecognized character in action: ${unicodeName(char)}`);
    return true;
  }

  private words(): void {
    for (;;) {
      const code = this.source.codePointAt(this.at);
      if (code === undefined || !word.test(String.fromCodePoint(code))) return;
      this.at += code > 0xffff ? 2 : 1;
    }
  }

  private terminated(): boolean {
    const char = this.source[this.at];
    return char === undefined || space.test(char) || ".,|:)(".includes(char) || this.source.startsWith("}}", this.at);
  }

  private name(char: "$" | ".", from: number): boolean {
    if (this.terminated()) {
      this.push(char === "$" ? "variable" : "dot", from);
      return true;
    }
    this.words();
    if (!this.terminated()) return this.badCharacter();
    this.push(char === "$" ? "variable" : "field", from);
    return true;
  }

  private identifier(from: number): boolean {
    this.at = from;
    this.words();
    if (!this.terminated()) return this.badCharacter();
    const text = this.source.slice(from, this.at);
    const kind = keywords.includes(text) ? "keyword" : text === "true" || text === "false" ? "bool" : "identifier";
    this.push(text === "nil" ? "nil" : kind, from);
    return true;
  }

  private badCharacter(): false {
    const char = String.fromCodePoint(this.source.codePointAt(this.at)!);
    return this.error(`bad character ${unicodeName(char)}`);
  }

  private quoted(quote: '"' | "'", from: number): boolean {
    for (;;) {
      const char = this.source[this.at];
      const open = char === undefined || char === "\n" || (char === "\\" && [undefined, "\n"].includes(this.source[this.at + 1]));
      if (open) return this.error(quote === '"' ? "unterminated quoted string" : "unterminated character constant");
      this.at += char === "\\" ? 2 : 1;
      if (char === quote) break;
    }
    this.push(quote === '"' ? "string" : "rune", from);
    return true;
  }

  private number(from: number): boolean {
    const found =
      /^[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/u.exec(
        this.source.slice(from),
      )![0];
    this.at = from + found.length;
    const next = this.source.codePointAt(this.at);
    if (next !== undefined && word.test(String.fromCodePoint(next))) {
      this.at++;
      return this.error(`bad number syntax: ${goQuote(this.source.slice(from, this.at))}`);
    }
    this.push("number", from);
    return true;
  }
}

function unicodeName(char: string): string {
  const hex = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char) ? `U+${hex} '${char}'` : `U+${hex}`;
}
