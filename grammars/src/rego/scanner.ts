// Text → one token at a time, as the parser asks for it: which words are keywords and where a template string goes on is the parser's to say.
import { cutCharacter, isBroken, isBrokenAt } from "../text/broken-bytes.ts";
import { ownText } from "../text/own-text.ts";
import { mostFaults } from "./fault-list.ts";

/** Symbols stand for themselves, keywords for their word. */
export type TokenKind = string;

/** The symbols by their character, those of one and those with `=` behind it. */
const single = byCode("[]{}(),:+-*/%&|=<>;.", "");
const withEquals = byCode(":=!<>", "=");

function byCode(characters: string, tail: string): readonly (TokenKind | undefined)[] {
  const kinds: (TokenKind | undefined)[] = new Array(128).fill(undefined);
  for (const char of characters) kinds[char.charCodeAt(0)] = char + tail;
  return kinds;
}

const none: readonly string[] = [];
const suspicious = /\0|.\uFEFF/s;

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDecimal(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isDecimal(code) || (code > 127 && /^\p{Nd}/u.test(text.slice(at, at + 2)));
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** What an ASCII character may be part of, by its code: the loops over names and blanks call nothing. */
const NAME = 1;
const BLANK = 2;
const parts = Uint8Array.from({ length: 128 }, (_, code) =>
  isLetter(code) || isDecimal(code) ? NAME : isBlank(code) ? BLANK : 0,
);

/** The end of the letters and digits from `at` on. */
function nameEnd(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code < 128 ? parts[code] !== NAME : !isDigit(text, end)) return end;
    end++;
  }
}

/** Reads tokens of one text at any offset. The fields are those of the token read last: most are looked at once, so none is made an object. */
export class Scanner {
  readonly text: string;
  kind: TokenKind = "start";
  start = 0;
  end = 0;
  /** Text of identifiers, numbers and strings; of template pieces without their escapes of `{`. */
  literal = "";
  /** For white space: whether it holds a line feed. */
  newline = false;
  problems: readonly string[] = none;
  /** The end of the farthest token so far. */
  reach = 0;
  /** True when what is read is kept for the next version of the text, which must not keep this one as a whole. */
  isKept = false;
  /** True when the text holds characters that no token may have: only then are tokens searched for them. */
  readonly #suspicious: boolean;

  constructor(text: string, isSuspicious = suspicious.test(text) || isBroken(text)) {
    this.text = text;
    this.#suspicious = isSuspicious;
  }

  /** True when some tokens say more than their characters do. */
  get isSuspicious(): boolean {
    return this.#suspicious;
  }

  /** A scanner of the text before an offset. */
  upTo(end: number): Scanner {
    return new Scanner(this.text.slice(0, end), this.#suspicious);
  }

  /** Where the first token may start: behind a byte-order mark. */
  get first(): number {
    return this.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** A part of the text, for a tree. */
  cut(start: number, end: number): string {
    return this.isKept ? ownText(this.text, start, end) : this.text.slice(start, end);
  }

  /** Reads the token at the offset; blanks and comments are tokens too. */
  scan(start: number, keywords: ReadonlySet<string>): void {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (start >= text.length) return this.#token("eof", start, start);
    if (parts[code] === BLANK) return this.#blank(start);
    if (isLetter(code)) {
      const end = nameEnd(text, start + 1);
      const name = this.cut(start, end);
      const word = text.charCodeAt(end) > 127 ? name + this.#cutAt(end) : name;
      return this.#token(keywords.has(word) ? word : "identifier", start, end, word);
    }
    if (isDecimal(code)) return this.#number(start);
    switch (text[start]) {
      case "#": {
        const feed = text.indexOf("\n", start);
        return this.#token("comment", start, feed < 0 ? text.length : feed);
      }
      case '"':
        return this.#string(start);
      case "`": {
        const close = text.indexOf("`", start + 1);
        if (close < 0) return this.#token("string", start, text.length, "", ["non-terminated string"]);
        return this.#token("string", start, close + 1, this.cut(start, close + 1));
      }
      case "$":
        if (text[start + 1] === '"' || text[start + 1] === "`") return this.template(start, start + 2, text[start + 1] === "`");
        return this.#token("eof", start, start + 1, "", ["illegal $ character"]);
      default:
        return this.#symbol(start);
    }
  }

  #token(kind: TokenKind, start: number, end: number, literal = "", problems: readonly string[] = none, newline = false): void {
    const found = this.#suspicious ? [...this.#bad(start, end), ...problems] : problems;
    this.kind = found.length > 0 ? "illegal" : kind;
    this.start = start;
    this.end = end;
    if (end > this.reach) this.reach = end;
    this.literal = literal;
    this.newline = newline;
    this.problems = found;
  }

  /** What is wrong with the characters up to the one after the token, which the scanner has looked at too. */
  #bad(start: number, end: number): string[] {
    const found: string[] = [];
    for (let at = start === this.first ? start : start + 1; at <= end && at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0) found.push("illegal null character");
      else if (isBrokenAt(this.text, at)) found.push("illegal utf-8 character");
      else if (code === 0xfeff && at > 0) found.push("illegal byte-order mark");
    }
    return found;
  }

  #blank(start: number): void {
    const { text } = this;
    let end = start;
    let newline = false;
    do {
      newline ||= text.charCodeAt(end) === 10;
      end++;
    } while (!this.#suspicious && parts[text.charCodeAt(end)] === BLANK);
    return this.#token("blank", start, end, "", none, newline);
  }

  #number(start: number): void {
    const { text } = this;
    const problems: string[] = [];
    let end = start;
    const digits = (): boolean => {
      const from = end;
      while (isDecimal(text.charCodeAt(end))) end++;
      return end > from;
    };
    digits();
    if (text[end] === ".") {
      end++;
      if (!digits()) problems.push("expected fraction");
    }
    if (text[end] === "e" || text[end] === "E") {
      end++;
      if (text[end] === "+" || text[end] === "-") end++;
      if (!digits()) problems.push("expected exponent");
    }
    if (isLetter(text.charCodeAt(end))) {
      problems.push("illegal number format");
      end = nameEnd(text, end);
    }
    return this.#token("number", start, end, this.cut(start, end) + this.#cutAt(end), problems);
  }

  /** OPA takes the first bytes of a longer character behind a name or a number, all but the last, into it. */
  #cutAt(end: number): string {
    return this.text.charCodeAt(end) > 127 ? cutCharacter(this.text, end) : "";
  }

  #string(start: number): void {
    const problems: string[] = [];
    const end = this.#quoted(start + 1, '"', problems);
    return this.#token("string", start, end, this.cut(start, end), problems);
  }

  /** The end of a quoted text; `{` ends a piece of a template. */
  #quoted(from: number, stop: string, problems: string[]): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const char = text[at];
      if (char === "\n" || char === undefined) {
        problems.push("non-terminated string");
        return at;
      }
      at++;
      if (stop.includes(char)) return at;
      if (char !== "\\") continue;
      const escaped = text[at];
      if (escaped === "u") at = Math.min(at + 4, text.length);
      else if (escaped !== undefined && ('\\"/bfnrt'.includes(escaped) || (escaped === "{" && stop.includes("{")))) at++;
      else if (problems.length < mostFaults) problems.push("illegal escape sequence");
    }
  }

  /** The piece of a template string from `from` on, up to a hole or the end; `start` is where the token begins. */
  template(start: number, from: number, raw: boolean): void {
    const { text } = this;
    const problems: string[] = [];
    let end = from;
    if (raw) {
      while (end < text.length && text[end] !== "`" && text[end] !== "{")
        end += text[end] === "\\" && text[end + 1] === "{" ? 2 : 1;
      if (end >= text.length) problems.push("non-terminated string");
      else end++;
    } else {
      end = this.#quoted(from, '"{', problems);
    }
    const open = text[end - 1] === "{" && problems.length === 0;
    const kind = `${raw ? "raw-" : ""}template-string-${open ? "part" : "end"}`;
    const inner = this.cut(from, Math.max(from, end - 1));
    return this.#token(
      kind,
      start,
      end,
      raw ? inner.replaceAll("\\{", "{") : inner.replace(/\\(.)/gs, (all, char) => (char === "{" ? "{" : all)),
      problems,
    );
  }

  #symbol(start: number): void {
    const { text } = this;
    const code = text.codePointAt(start)!;
    const two = text.charCodeAt(start + 1) === 61 ? withEquals[code] : undefined;
    if (two !== undefined) return this.#token(two, start, start + 2);
    const one = single[code];
    if (one !== undefined) return this.#token(one, start, start + 1);
    const end = start + (code > 0xffff ? 2 : 1);
    if (code === 33) return this.#token("illegal", start, end, "", ["illegal ! character"]);
    if (code === 0xa0)
      return this.#token("illegal", start, end, "", ["illegal non-breaking space character, use a regular space instead"]);
    return this.#token("illegal", start, end);
  }
}

const names: Readonly<Record<string, string>> = {
  blank: "whitespace",
  "+": "plus",
  "-": "minus",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "&": "and",
  "|": "or",
  "=": "eq",
  "==": "equal",
  ":=": "assign",
  "!=": "neq",
  ">": "gt",
  "<": "lt",
  ">=": "gte",
  "<=": "lte",
};

/** What OPA calls a token; for operators also the builtin behind them. */
export function tokenName(kind: TokenKind): string {
  return names[kind] ?? kind;
}
