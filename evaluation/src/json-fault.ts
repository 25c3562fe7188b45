// What is wrong with a text that is no JSON document, in the words of Go's encoding/json.

import { goQuote } from "#grammars/text/go-quote.ts";
import { jsonNumber } from "#grammars/text/json-number.ts";
import { encodeBytes } from "./rego-text.ts";

const blank = /[ \t\r\n]*/y;
const number = jsonNumber();
const ended = "unexpected EOF";

class Fault extends Error {}

/** The first fault; the text must have one. Nesting that is too deep counts as an early end. */
export function jsonFault(text: string): string {
  if (/^[ \t\r\n]*$/u.test(text)) return "EOF";
  const scanner = new Scanner(text);
  try {
    scanner.value();
    const rest = scanner.next();
    if (rest === undefined) return ended;
    return `error: invalid character '${"[{".includes(rest) ? rest : scanner.token()}' after top-level value`;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    if (error instanceof RangeError) return ended;
    throw error;
  }
}

/** The text without what stands behind its first value; as it is where that is no JSON. */
export function firstJsonValue(text: string): string {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    return text.slice(0, scanner.at);
  } catch (error) {
    if (error instanceof Fault || error instanceof RangeError) return text;
    throw error;
  }
}

class Scanner {
  at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is no blank. */
  next(): string | undefined {
    blank.lastIndex = this.at;
    blank.exec(this.text);
    this.at = blank.lastIndex;
    return this.here();
  }

  /** The next value as Go prints it. */
  token(): string {
    const start = this.at;
    this.value();
    const text = this.text.slice(start, this.at);
    if (text.startsWith('"')) return JSON.parse(text).toWellFormed();
    return text === "true" || text === "false" ? `%!s(bool=${text})` : text;
  }

  value(): void {
    const start = this.next();
    switch (start) {
      case "{":
        return this.members("}", "object key:value pair", () => this.member());
      case "[":
        return this.members("]", "array element", () => this.value());
      case '"':
        return this.string();
      case "t":
        return this.word("true");
      case "f":
        return this.word("false");
      case "n":
        return this.word("null");
      default:
        if (start !== undefined && /[-0-9]/u.test(start)) return this.number();
        return this.fail("looking for beginning of value");
    }
  }

  private members(close: string, what: string, read: () => void): void {
    this.at++;
    if (this.next() === close) {
      this.at++;
      return;
    }
    for (;;) {
      read();
      const mark = this.next();
      if (mark !== "," && mark !== close) this.fail(`after ${what}`);
      this.at++;
      if (mark === close) return;
    }
  }

  private member(): void {
    if (this.next() !== '"') this.fail("looking for beginning of object key string");
    this.string();
    if (this.next() !== ":") this.fail("after object key");
    this.at++;
    this.value();
  }

  private string(): void {
    this.at++;
    for (let char = this.here(); char !== '"'; char = this.here()) {
      if (char === undefined || char < " ") this.fail("in string literal");
      this.at++;
      if (char === "\\") this.escape();
    }
    this.at++;
  }

  private escape(): void {
    const char = this.here();
    if (char === undefined || !'"\\/bfnrtu'.includes(char)) this.fail("in string escape code");
    this.at++;
    if (char !== "u") return;
    for (let digit = 0; digit < 4; digit++, this.at++)
      if (!/[0-9a-fA-F]/u.test(this.here() ?? "")) this.fail("in \\u hexadecimal character escape");
  }

  private word(word: string): void {
    for (const [index, letter] of [...word].entries()) {
      if (this.here() !== letter && index > 0) this.fail(`in literal ${word} (expecting '${letter}')`);
      this.at++;
    }
  }

  private number(): void {
    number.lastIndex = this.at;
    const found = number.exec(this.text)?.[0];
    if (found === undefined) {
      this.at++;
      return this.fail("in numeric literal");
    }
    this.at += found.length;
    const behind = this.here();
    if (behind === "." && !found.includes(".") && !/[eE]/u.test(found)) {
      this.at++;
      this.fail("after decimal point in numeric literal");
    }
    if ((behind === "e" || behind === "E") && !/[eE]/u.test(found)) {
      this.at++;
      if (/[-+]/u.test(this.here() ?? "")) this.at++;
      this.fail("in exponent of numeric literal");
    }
  }

  private here(): string | undefined {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  private fail(where: string): never {
    const char = this.here();
    throw new Fault(char === undefined ? ended : `invalid character ${goRune(char)} ${where}`);
  }
}

/** Go's decoder looks at bytes: of a character beyond ASCII it tells the first one. */
function goRune(char: string): string {
  const [byte = 0] = encodeBytes(char);
  const quoted = goQuote(String.fromCharCode(byte)).slice(1, -1);
  return char === "'" ? "'\\''" : char === '"' ? "'\"'" : `'${quoted}'`;
}
