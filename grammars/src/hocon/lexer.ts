// The lexer: text → tokens, bracket pairs and lexical problems, in one pass and without ever failing.
import { isDigit, isNumeric, isReserved, isSpace } from "./characters.ts";
import { isNumberText } from "./number.ts";
import { decodeString, type EscapeProblem } from "./string-literal.ts";
import { type LexicalProblem, type PairedTokens, TokenKind } from "./tokens.ts";

const QUOTE = 34;
const NEWLINE = 10;
const BACKSLASH = 92;
const SLASH = 47;
const HASH = 35;

const WORDS = ["true", "false", "null"] as const;
const WORD_KINDS = { true: TokenKind.true, false: TokenKind.false, null: TokenKind.null } as const;

const PUNCTUATION: Readonly<Record<number, TokenKind>> = {
  44: TokenKind.comma,
  58: TokenKind.colon,
  61: TokenKind.equals,
  91: TokenKind.openBracket,
  93: TokenKind.closeBracket,
  123: TokenKind.openBrace,
  125: TokenKind.closeBrace,
};

export interface LexerOptions {
  /** Off in strict JSON, where `#` and `//` start no comment. */
  readonly comments?: boolean;
  /** The reference lets a substitution run over line ends to the next `}`; without this it ends where its line does. */
  readonly exact?: boolean;
}

class Lexer {
  readonly text: string;
  readonly comments: boolean;
  readonly exact: boolean;
  readonly problems: LexicalProblem[] = [];

  constructor(text: string, { comments = true, exact = false }: LexerOptions) {
    this.text = text;
    this.comments = comments;
    this.exact = exact;
  }

  /** Set by `read`: what the token just read is. */
  kind: TokenKind = TokenKind.end;

  /** Reads the token at `start` and returns its end. */
  read(start: number): number {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (code === NEWLINE) return this.done(TokenKind.newline, start + 1);
    if (isSpace(code)) {
      let end = start + 1;
      for (; end < text.length; end++) {
        const next = text.charCodeAt(end);
        if (next === NEWLINE || !isSpace(next)) break;
      }
      return this.done(TokenKind.whitespace, end);
    }
    if (this.startsComment(code, start)) return this.done(TokenKind.comment, this.lineEnd(start));
    const punctuation = PUNCTUATION[code];
    if (punctuation !== undefined) return this.done(punctuation, start + 1);
    if (code === QUOTE) return this.readString(start);
    if (code === 36) return this.readSubstitution(start);
    if (code === 43) return this.readPlus(start);
    if (isDigit(code) || code === 45) return this.readNumber(start);
    if (isReserved(code)) {
      const char = text[start]!;
      const message =
        char === "\\"
          ? "a backslash has no meaning outside quotes: put the text in quotes"
          : `\`${char}\` is reserved in unquoted text: quote the value`;
      return this.invalid("hocon_reserved_character", message, start, start + 1);
    }
    return this.readUnquoted(start);
  }

  private done(kind: TokenKind, end: number): number {
    this.kind = kind;
    return end;
  }

  private invalid(code: string, message: string, start: number, end: number): number {
    this.problems.push({ code, message, start, end, at: start });
    return this.done(TokenKind.invalid, end);
  }

  private lineEnd(start: number): number {
    const end = this.text.indexOf("\n", start);
    return end < 0 ? this.text.length : end;
  }

  private startsComment(code: number, at: number): boolean {
    return this.comments && (code === HASH || (code === SLASH && this.text.charCodeAt(at + 1) === SLASH));
  }

  private readUnquoted(start: number): number {
    const { text } = this;
    for (const word of WORDS) {
      // The letters count as soon as they are complete, whatever follows.
      if (text.charCodeAt(start) === word.charCodeAt(0) && text.startsWith(word, start)) {
        return this.done(WORD_KINDS[word], start + word.length);
      }
    }
    let end = start + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (isReserved(code) || isSpace(code) || this.startsComment(code, end)) break;
    }
    return this.done(TokenKind.unquoted, end);
  }

  private readNumber(start: number): number {
    const { text } = this;
    let end = start + 1;
    while (end < text.length && isNumeric(text.charCodeAt(end))) end++;
    const word = text.slice(start, end);
    if (isNumberText(word)) return this.done(TokenKind.number, end);
    const plus = word.indexOf("+");
    if (plus >= 0) {
      this.problems.push({
        code: "hocon_reserved_character",
        message: "`+` is reserved in unquoted text, and this is not a number: quote the value",
        start: start + plus,
        end: start + plus + 1,
        at: start,
      });
      return this.done(TokenKind.invalid, end);
    }
    return this.done(TokenKind.unquoted, end);
  }

  private readPlus(start: number): number {
    if (this.text.charCodeAt(start + 1) === 61) return this.done(TokenKind.plusEquals, start + 2);
    return this.invalid(
      "hocon_reserved_character",
      "`+` is reserved in unquoted text: quote the value, or write `+=`",
      start,
      start + 1,
    );
  }

  private readString(start: number): number {
    const { text } = this;
    if (text.startsWith('"""', start)) return this.readTriple(start);
    let escaped = false;
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        if (escaped) this.checkEscapes(start + 1, at);
        return this.done(TokenKind.string, at + 1);
      }
      if (code === BACKSLASH) {
        escaped = true;
        if (at + 1 < text.length && text.charCodeAt(at + 1) >= 32) at++;
      } else if (code === NEWLINE) {
        return this.openString(start, at);
      } else if (code < 32) {
        const name = code.toString(16).padStart(4, "0").toUpperCase();
        this.problems.push({
          code: "hocon_control_character",
          message: `the control character U+${name} is not allowed in a quoted string: write \\u${name}`,
          start: at,
          end: at + 1,
          at: start,
        });
      }
    }
    return this.openString(start, text.length);
  }

  /** The value ends where the line does; a carriage return before the newline stays outside. */
  private openString(start: number, lineEnd: number): number {
    let end = lineEnd;
    while (end > start + 1 && isSpace(this.text.charCodeAt(end - 1))) end--;
    this.problems.push({ code: "hocon_open_string", message: "this string is not closed on this line", start, end, at: start });
    return this.done(TokenKind.string, lineEnd);
  }

  private checkEscapes(start: number, end: number): void {
    const found: EscapeProblem[] = [];
    decodeString(this.text, start, end, found);
    for (const { start: from, end: to, message } of found) {
      this.problems.push({ code: "hocon_illegal_escape", message, start: from, end: to, at: from });
    }
  }

  private readTriple(start: number): number {
    const { text } = this;
    const close = text.indexOf('"""', start + 3);
    if (close < 0) {
      const message = "this triple-quoted string is never closed";
      this.problems.push({ code: "hocon_open_string", message, start, end: this.lineEnd(start), at: text.length });
      return this.done(TokenKind.tripleString, text.length);
    }
    let end = close + 3;
    while (text.charCodeAt(end) === QUOTE) end++;
    return this.done(TokenKind.tripleString, end);
  }

  private readSubstitution(start: number): number {
    const { text } = this;
    if (text.charCodeAt(start + 1) !== 123) {
      return this.invalid("hocon_reserved_character", "`$` is reserved in unquoted text unless it starts `${`", start, start + 1);
    }
    let at = start + (text[start + 2] === "?" ? 3 : 2);
    const before = this.problems.length;
    const open = [start];
    while (at < text.length) {
      if (text.startsWith("${", at)) {
        open.push(at);
        at += text[at + 2] === "?" ? 3 : 2;
        continue;
      }
      at = this.read(at);
      if (this.kind === TokenKind.closeBrace) open.pop();
      if (open.length === 0) return this.done(TokenKind.substitution, at);
      // The reference gives up at the first fault inside, even when the substitution is not closed either.
      if (this.exact && this.problems.length > before) {
        this.problems.splice(before, this.problems.length, { ...this.problems[before]!, order: start });
        return this.done(TokenKind.substitution, text.length);
      }
      if (this.kind === TokenKind.newline && !this.exact) break;
    }
    this.problems.length = before;
    const end = this.exact ? text.length : this.lineEnd(start);
    let visible = this.lineEnd(start);
    while (visible > start + 2 && isSpace(text.charCodeAt(visible - 1))) visible--;
    const message = "this substitution is not closed: `}` is missing";
    this.problems.push({ code: "hocon_open_substitution", message, start, end: visible, at: this.exact ? open.at(-1)! : start });
    return this.done(TokenKind.substitution, end);
  }
}

class TokenBuffer {
  count = 0;
  kinds: Uint8Array;
  starts: Int32Array;

  constructor(size: number) {
    this.kinds = new Uint8Array(size);
    this.starts = new Int32Array(size);
  }

  push(kind: TokenKind, start: number): void {
    if (this.count === this.kinds.length) {
      const kinds = new Uint8Array(this.count * 2);
      const starts = new Int32Array(this.count * 2);
      kinds.set(this.kinds);
      starts.set(this.starts);
      this.kinds = kinds;
      this.starts = starts;
    }
    this.kinds[this.count] = kind;
    this.starts[this.count++] = start;
  }
}

/** Reads a whole text. */
export function tokenize(text: string, options: LexerOptions = {}): PairedTokens {
  const lexer = new Lexer(text, options);
  const buffer = new TokenBuffer(Math.max(16, text.length >> 1));
  const length = text.length;
  for (let at = 0; at < length; ) {
    const start = at;
    at = lexer.read(start);
    buffer.push(lexer.kind, start);
  }
  buffer.push(TokenKind.end, length);
  const { count } = buffer;
  const kinds = buffer.kinds.subarray(0, count);
  const starts = buffer.starts.subarray(0, count);
  return { count, kinds, starts, partners: pairBrackets(kinds, count), problems: lexer.problems };
}

/**
 * Pairs brackets. A closing bracket of the other kind closes what is open inside the nearest opener of its own kind, and is a stray
 * when there is none. What is never closed reaches to the end of what holds it.
 */
function pairBrackets(kinds: Uint8Array, count: number): Int32Array {
  const partners = new Int32Array(count);
  const open: number[] = [];
  let braces = 0;
  let brackets = 0;
  for (let index = 0; index < count; index++) {
    const kind = kinds[index];
    if (kind === TokenKind.openBrace || kind === TokenKind.openBracket) {
      open.push(index);
      if (kind === TokenKind.openBrace) braces++;
      else brackets++;
    } else if (kind === TokenKind.closeBrace || kind === TokenKind.closeBracket) {
      const opener = kind === TokenKind.closeBrace ? TokenKind.openBrace : TokenKind.openBracket;
      if ((kind === TokenKind.closeBrace ? braces : brackets) === 0) continue;
      for (;;) {
        const last = open.pop()!;
        partners[last] = index;
        if (kinds[last] === TokenKind.openBrace) braces--;
        else brackets--;
        if (kinds[last] === opener) break;
      }
    }
  }
  for (const index of open) partners[index] = count - 1;
  return partners;
}
