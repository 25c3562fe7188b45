// GraphQL text → tokens, with gqlparser's faults; lines and columns count from 1, columns in characters.
import { encodeBytes } from "../rego-text.ts";
import type { Position } from "./ast.ts";
import { faultAt, type GraphqlFault } from "./fault.ts";

export type TokenKind = "<Invalid>" | "<EOF>" | "Name" | "Int" | "Float" | "String" | "BlockString" | "Comment" | Punctuator;
export type Punctuator = "!" | "$" | "&" | "(" | ")" | "..." | ":" | "=" | "@" | "[" | "]" | "{" | "}" | "|";

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  readonly position: Position;
  /** Of an invalid token: what taking it ends in. */
  readonly fault?: GraphqlFault;
}

const punctuators: readonly string[] = ["!", "$", "&", "(", ")", ":", "=", "@", "[", "]", "{", "}", "|"];
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", '"': '"', "/": "/", "\\": "\\" };

export class Lexer {
  private readonly chars: readonly string[];
  private end = 0;
  private start = 0;
  private line = 1;
  private lineStart = 0;

  constructor(text: string) {
    this.chars = [...text];
  }

  next(): Token {
    this.skipSpace();
    this.start = this.end;
    const char = this.chars[this.end];
    if (char === undefined) return this.token("<EOF>");
    if (punctuators.includes(char)) {
      this.end++;
      return this.token(char as Punctuator, "");
    }
    if (char === "." && this.startsWith("...")) {
      this.end += 3;
      return this.token("...", "");
    }
    if (char === "#") {
      while (this.end < this.chars.length && (this.chars[this.end]! > "\u001f" || this.chars[this.end] === "\t")) this.end++;
      return this.token("Comment");
    }
    if (/^[_A-Za-z]$/u.test(char)) {
      while (/^[_0-9A-Za-z]$/u.test(this.chars[this.end] ?? "")) this.end++;
      return this.token("Name");
    }
    if (char === "-" || isDigit(char)) return this.number();
    if (char === '"') return this.startsWith('"""') ? this.blockString() : this.string();
    if (char < " ") return this.invalid(`Cannot contain the invalid character "\\u${hex4(char)}"`);
    if (char === "'") return this.invalid(`Unexpected single quote character ('), did you mean to use a double quote (")?`);
    return this.invalid(`Cannot parse the unexpected character "${firstByte(char)}".`);
  }

  private startsWith(text: string): boolean {
    return [...text].every((char, at) => this.chars[this.end + at] === char);
  }

  private token(kind: TokenKind, value = this.chars.slice(this.start, this.end).join("")): Token {
    return { kind, value, position: { line: this.line, column: this.start - this.lineStart + 1 } };
  }

  private invalid(message: string): Token {
    const position = { line: this.line, column: this.end - this.lineStart + 1 };
    return { kind: "<Invalid>", value: "", position, fault: faultAt(position, message) };
  }

  private newLine(): void {
    this.line++;
    this.lineStart = this.end;
  }

  private skipSpace(): void {
    for (;;) {
      const char = this.chars[this.end];
      if (char === "\t" || char === " " || char === "," || char === "\ufeff") this.end++;
      else if (char === "\n" || char === "\r") {
        this.end++;
        this.newLine();
        if (char === "\r" && this.chars[this.end] === "\n") this.end++;
      } else return;
    }
  }

  private digits(): number {
    const from = this.end;
    while (isDigit(this.chars[this.end] ?? "")) this.end++;
    return this.end - from;
  }

  private accept(...wanted: readonly string[]): boolean {
    if (!wanted.includes(this.chars[this.end] ?? "")) return false;
    this.end++;
    return true;
  }

  private described(): string {
    const char = this.chars[this.end];
    return char === undefined ? "<EOF>" : `"${firstByte(char)}"`;
  }

  private number(): Token {
    this.accept("-");
    if (this.accept("0")) {
      const more = this.digits();
      if (more > 0) {
        this.end -= more;
        return this.invalid(`Invalid number, unexpected digit after 0: ${this.described()}.`);
      }
    } else if (this.digits() === 0) return this.invalid(`Invalid number, expected digit but got: ${this.described()}.`);
    let kind: "Int" | "Float" = "Int";
    if (this.accept(".")) {
      kind = "Float";
      if (this.digits() === 0) return this.invalid(`Invalid number, expected digit but got: ${this.described()}.`);
    }
    if (this.accept("e", "E")) {
      kind = "Float";
      this.accept("-", "+");
      if (this.digits() === 0) return this.invalid(`Invalid number, expected digit but got: ${this.described()}.`);
    }
    return this.token(kind);
  }

  private string(): Token {
    this.end++;
    this.start++;
    const parts: string[] = [];
    for (;;) {
      const char = this.chars[this.end];
      if (char === undefined || char === "\n" || char === "\r") return this.invalid("Unterminated string.");
      if (char < " " && char !== "\t") return this.invalid(`Invalid character within String: "\\u${hex4(char)}".`);
      if (char === '"') {
        const token = this.token("String", parts.join(""));
        this.end++;
        return token;
      }
      if (char !== "\\") {
        parts.push(char);
        this.end++;
        continue;
      }
      const fault = this.escape(parts);
      if (fault !== undefined) return fault;
    }
  }

  private escape(parts: string[]): Token | undefined {
    const letter = this.chars[this.end + 1];
    const wrong = (text: string): Token => {
      this.end++;
      return this.invalid(`Invalid character escape sequence${text}.`);
    };
    if (letter === undefined) return wrong("");
    if (letter === "u") {
      const digits = this.chars.slice(this.end + 2, this.end + 6).join("");
      if (this.end + 6 >= this.chars.length) return wrong(`: \\${this.chars.slice(this.end + 1).join("")}`);
      if (!/^[0-9a-fA-F]{4}$/u.test(digits)) return wrong(`: \\u${digits}`);
      const char = String.fromCharCode(Number.parseInt(digits, 16));
      parts.push(/\p{Surrogate}/u.test(char) ? "\ufffd" : char);
      this.end += 6;
      return undefined;
    }
    const plain = escapes[letter];
    if (plain === undefined) return wrong(`: \\${firstByte(letter)}`);
    parts.push(plain);
    this.end += 2;
    return undefined;
  }

  private blockString(): Token {
    this.end += 3;
    this.start += 3;
    const parts: string[] = [];
    for (;;) {
      const char = this.chars[this.end];
      if (char === undefined) return this.invalid("Unterminated string.");
      if (char === '"') {
        let quotes = 1;
        while (this.chars[this.end + quotes] === '"') quotes++;
        if (quotes >= 3) {
          const token = this.token("BlockString", blockText(parts.join("") + '"'.repeat(quotes - 3)));
          this.end += quotes;
          return token;
        }
      }
      if (char < " " && char !== "\t" && char !== "\n" && char !== "\r")
        return this.invalid(`Invalid character within String: "\\u${hex4(char)}".`);
      if (char === "\\" && this.startsWith('\\"""')) {
        parts.push('"""');
        this.end += 4;
      } else if (char === "\r" || char === "\n") {
        this.end += char === "\r" && this.chars[this.end + 1] === "\n" ? 2 : 1;
        parts.push("\n");
        this.newLine();
      } else {
        parts.push(char);
        this.end++;
      }
    }
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

function hex4(char: string): string {
  return char.codePointAt(0)!.toString(16).padStart(4, "0");
}

/** gqlparser looks at bytes where it should look at characters. */
function firstByte(char: string): string {
  return String.fromCharCode(encodeBytes(char)[0]!);
}

/** The text of a block string: common indentation and empty lines around it go. */
function blockText(raw: string): string {
  const lines = raw.split("\n");
  const indents = lines.map((line) => /[^ \t]/u.exec(line)?.index);
  const common = Math.min(...indents.map((indent) => indent ?? Number.POSITIVE_INFINITY));
  const cut = lines.map((line, at) => (at === 0 || common === Number.POSITIVE_INFINITY ? line : line.slice(common)));
  const isBlank = (line: string): boolean => !/[^ \t]/u.test(line);
  const first = cut.findIndex((line) => !isBlank(line));
  if (first < 0) return "";
  return cut.slice(first, cut.findLastIndex((line) => !isBlank(line)) + 1).join("\n");
}
