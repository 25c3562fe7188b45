// JSON text → value in one pass, digits kept; what is wrong with other text is for others to say.
import { jsonNumber } from "#grammars/text/json-number.ts";
import { TextCursor } from "./text-cursor.ts";
import { RegoNumber, RegoObject, type Value } from "./value.ts";

/** The value of a well-formed text; undefined when it is no JSON. Throws RangeError where it nests deeper than the stack. */
export function readStrictJson(text: string): { readonly value: Value } | undefined {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    reader.blanks();
    return reader.at === text.length ? { value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const number = jsonNumber();

class Reader extends TextCursor {
  value(): Value {
    this.blanks();
    switch (this.text.charCodeAt(this.at)) {
      case 0x22:
        return this.string();
      case 0x5b:
        return this.array();
      case 0x7b:
        return this.object();
      case 0x6e:
        return this.word("null", null);
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      default:
        return this.number();
    }
  }

  private word<T extends Value>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new SyntaxError(`${word} expected`);
    this.at += word.length;
    return value;
  }

  private number(): Value {
    const start = this.at;
    number.lastIndex = start;
    if (!number.test(this.text)) throw new SyntaxError("a value is expected");
    this.at = number.lastIndex;
    return new RegoNumber(this.text.slice(start, this.at));
  }

  /** Halves of surrogates that stand alone become U+FFFD. */
  private string(): string {
    const { text } = this;
    const start = this.at++;
    let escaped = false;
    for (let code = text.charCodeAt(this.at); code !== 0x22; code = text.charCodeAt(this.at)) {
      if (!(code >= 0x20)) throw new SyntaxError("a string is not closed, or holds a control character");
      if (code === 0x5c) {
        escaped = true;
        this.at++;
      }
      this.at++;
    }
    this.at++;
    return escaped ? (JSON.parse(text.slice(start, this.at)) as string).toWellFormed() : text.slice(start + 1, this.at - 1);
  }

  private array(): Value {
    const items: Value[] = [];
    this.at++;
    if (this.closes(0x5d)) return items;
    do items.push(this.value());
    while (this.goesOn(0x5d));
    return items;
  }

  private object(): Value {
    const entries: [Value, Value][] = [];
    this.at++;
    if (this.closes(0x7d)) return RegoObject.of(entries);
    do {
      this.blanks();
      if (this.text.charCodeAt(this.at) !== 0x22) throw new SyntaxError("a key is expected");
      const key = this.string();
      this.blanks();
      if (this.text.charCodeAt(this.at++) !== 0x3a) throw new SyntaxError("a colon is expected");
      entries.push([key, this.value()]);
    } while (this.goesOn(0x7d));
    return RegoObject.from(entries);
  }

  private goesOn(bracket: number): boolean {
    if (this.closes(bracket)) return false;
    if (this.text.charCodeAt(this.at++) !== 0x2c) throw new SyntaxError("a comma is expected");
    return true;
  }
}
