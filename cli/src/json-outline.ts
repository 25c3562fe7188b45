// A JSON object as its text: found well-formed and asked for paths while no values are made of it, so that a document may be large.
import { TextCursor } from "#evaluation/text-cursor.ts";

/** Nested deeper than this, a text is left to the reader of values, which says what is too deep. */
const deepest = 1000;

/** A string that ends before anything that needs a closer look: found much sooner than by going through its letters. */
const plainString = /"[^"\\\0-\x1f]*"/y;
/** An array of a few of them. */
const plainArray = /\[(?:"[^"\\\0-\x1f]*"(?:,"[^"\\\0-\x1f]*"){0,31})?\]/y;

/** By key, where the last value of that key begins. */
type Level = ReadonlyMap<string, number>;

export class JsonOutline {
  readonly text: string;
  /** Objects that were asked for, by where they begin. */
  readonly #levels = new Map<number, Level>();
  readonly #start: number;

  private constructor(text: string, start: number, top: Level) {
    this.text = text;
    this.#start = start;
    this.#levels.set(start, top);
  }

  /** The outline of a text that `readJsonText` reads as an object; undefined for other texts, and for some that nest deeply. */
  static of(text: string): JsonOutline | undefined {
    const scanner = new Scanner(text);
    scanner.blanks();
    const start = scanner.at;
    if (text.charCodeAt(start) !== 0x7b) return undefined;
    try {
      const top = scanner.level();
      scanner.blanks();
      return scanner.at === text.length ? new JsonOutline(text, start, top) : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** True where the document has a value, or one above the path that is no object; false for the whole. */
  occupied(path: readonly string[]): boolean {
    if (path.length === 0 || this.#level(this.#start).size === 0) return false;
    let at = this.#start;
    for (const key of path) {
      if (this.text.charCodeAt(at) !== 0x7b) return true;
      const next = this.#level(at).get(key);
      if (next === undefined) return false;
      at = next;
    }
    return true;
  }

  #level(at: number): Level {
    let level = this.#levels.get(at);
    if (level === undefined) {
      const scanner = new Scanner(this.text);
      scanner.at = at;
      level = scanner.level();
      this.#levels.set(at, level);
    }
    return level;
  }
}

/** Steps over values; throws SyntaxError where a text is no JSON or nests too deeply. */
class Scanner extends TextCursor {
  #depth = 0;

  /** Steps over an object and gives its keys. */
  level(): Level {
    const level = new Map<string, number>();
    this.#object(level);
    return level;
  }

  #value(): void {
    switch (this.text.charCodeAt(this.at)) {
      case 0x22:
        return this.#string();
      case 0x5b:
        return this.#array();
      case 0x7b:
        return this.#object(undefined);
      case 0x6e:
        return this.#word("null");
      case 0x74:
        return this.#word("true");
      case 0x66:
        return this.#word("false");
      default:
        return this.#number();
    }
  }

  #object(level: Map<string, number> | undefined): void {
    this.#enter();
    if (!this.closes(0x7d)) {
      do {
        this.blanks();
        const from = this.at;
        if (this.text.charCodeAt(from) !== 0x22) throw new SyntaxError("a key is expected");
        this.#string();
        const key = level && (JSON.parse(this.text.slice(from, this.at)) as string).toWellFormed();
        this.blanks();
        if (this.text.charCodeAt(this.at++) !== 0x3a) throw new SyntaxError("a colon is expected");
        this.blanks();
        if (key !== undefined) level?.set(key, this.at);
        this.#value();
      } while (this.#goesOn(0x7d));
    }
    this.#depth--;
  }

  #array(): void {
    plainArray.lastIndex = this.at;
    this.#enter();
    if (plainArray.test(this.text)) {
      this.at = plainArray.lastIndex;
      this.#depth--;
      return;
    }
    if (!this.closes(0x5d)) {
      do {
        this.blanks();
        this.#value();
      } while (this.#goesOn(0x5d));
    }
    this.#depth--;
  }

  #enter(): void {
    if (++this.#depth > deepest) throw new SyntaxError("the text nests too deeply");
    this.at++;
  }

  #goesOn(bracket: number): boolean {
    if (this.closes(bracket)) return false;
    if (this.text.charCodeAt(this.at++) !== 0x2c) throw new SyntaxError("a comma is expected");
    return true;
  }

  #word(word: string): void {
    if (!this.text.startsWith(word, this.at)) throw new SyntaxError(`${word} expected`);
    this.at += word.length;
  }

  #string(): void {
    const { text } = this;
    plainString.lastIndex = this.at;
    if (plainString.test(text)) {
      this.at = plainString.lastIndex;
      return;
    }
    let at = this.at + 1;
    for (let code = text.charCodeAt(at); code !== 0x22; code = text.charCodeAt(at)) {
      if (!(code >= 0x20)) throw new SyntaxError("a string is not closed, or holds a control character");
      at += code === 0x5c ? escapeLength(text, at) : 1;
    }
    this.at = at + 1;
  }

  #number(): void {
    if (this.text.charCodeAt(this.at) === 0x2d) this.at++;
    if (this.text.charCodeAt(this.at) === 0x30) this.at++;
    else this.#digits();
    if (this.text.charCodeAt(this.at) === 0x2e) {
      this.at++;
      this.#digits();
    }
    if ((this.text.charCodeAt(this.at) | 0x20) !== 0x65) return;
    this.at++;
    const sign = this.text.charCodeAt(this.at);
    if (sign === 0x2b || sign === 0x2d) this.at++;
    this.#digits();
  }

  #digits(): void {
    const from = this.at;
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === from) throw new SyntaxError("a digit is expected");
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The length of what a backslash begins. */
function escapeLength(text: string, at: number): number {
  const letter = text[at + 1];
  if (letter === "u" && /^[0-9a-fA-F]{4}$/u.test(text.slice(at + 2, at + 6))) return 6;
  if (letter === undefined || !'"\\/bfnrt'.includes(letter)) throw new SyntaxError("this is no escape of JSON");
  return 2;
}
