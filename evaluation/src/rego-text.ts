// Rego text ⇄ value: the form in which our runtime hands values to the host without loss (sets, exact numbers, any keys).
import { goQuote } from "#grammars/text/go-quote.ts";
import { jsonNumberText } from "#grammars/text/json-number.ts";
import { TextCursor } from "./text-cursor.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";

/** Reads one value; throws SyntaxError on other text, which only a broken module can give. Nesting is bounded by the runtime (10,000 levels). */
export function readRegoText(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value();
  reader.blanks();
  if (reader.at < text.length) throw new SyntaxError(`unexpected text after the value at ${reader.at}`);
  return value;
}

class Reader extends TextCursor {
  value(): Value {
    this.blanks();
    switch (this.text.charCodeAt(this.at)) {
      case 0x22:
        return this.string();
      case 0x5b:
        return this.list();
      case 0x7b:
        return this.braces();
      case 0x6e:
        if (this.word("null")) return null;
        break;
      case 0x74:
        if (this.word("true")) return true;
        break;
      case 0x66:
        if (this.word("false")) return false;
        break;
      case 0x73:
        if (this.word("set()")) return RegoSet.of([]);
        break;
      default:
    }
    const start = this.at;
    while (isNumberPart(this.text.charCodeAt(this.at))) this.at++;
    if (this.at === start) throw new SyntaxError(`unexpected ${this.text[start] ?? "end of text"} at ${start}`);
    return new RegoNumber(this.text.slice(start, this.at));
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private list(): Value[] {
    const items: Value[] = [];
    this.at++;
    while (!this.closes(0x5d)) {
      items.push(this.value());
      this.separator(0x5d);
    }
    return items;
  }

  private braces(): Value {
    const entries: [Value, Value][] = [];
    const members: Value[] = [];
    this.at++;
    while (!this.closes(0x7d)) {
      const item = this.value();
      this.blanks();
      if (this.text.charCodeAt(this.at) === 0x3a) {
        this.at++;
        entries.push([item, this.value()]);
      } else members.push(item);
      this.separator(0x7d);
    }
    return members.length > 0 ? RegoSet.of(members) : RegoObject.of(entries);
  }

  private separator(close: number): void {
    this.blanks();
    const code = this.text.charCodeAt(this.at);
    if (code === 0x2c) this.at++;
    else if (code !== close) throw new SyntaxError(`, or ${String.fromCharCode(close)} expected at ${this.at}`);
  }

  /** Go's quoted form: `\x..` is a byte, `\u` and `\U` are code points. Bytes that form no UTF-8 become U+DC80…U+DCFF. */
  private string(): string {
    const { text } = this;
    const start = ++this.at;
    let escaped = false;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 0x22) break;
      if (this.at >= text.length) throw new SyntaxError(`the string that starts at ${start - 1} does not end`);
      if (code === 0x5c) {
        escaped = true;
        this.at++;
      }
      this.at++;
    }
    const source = text.slice(start, this.at++);
    return escaped ? decodeEscapes(source) : source;
  }
}

/** Letters, digits and `-+._`: what a number, or a word that is none of ours, is made of. */
function isNumberPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x5f ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  );
}

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  a: "\x07",
  v: "\v",
  '"': '"',
  "\\": "\\",
  "/": "/",
  "'": "'",
};

function decodeEscapes(source: string): string {
  return source.replace(/(?:\\x[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\./gs, (sequence) => {
    switch (sequence[1]) {
      case "x":
        return decodeBytes(Uint8Array.from(sequence.slice(2).split("\\x"), (hex) => Number.parseInt(hex, 16)));
      case "u":
        return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
      case "U":
        return String.fromCodePoint(Number.parseInt(sequence.slice(2), 16));
      default:
        return simple[sequence[1]!] ?? sequence[1]!;
    }
  });
}

/** UTF-8 to text; a byte that is no UTF-8 becomes the lone surrogate U+DC00 + byte. */
export function decodeBytes(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + bytes[at]!);
    else text += decoder.decode(bytes.subarray(at, at + length));
    at += length || 1;
  }
  return text;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < low || second > high) return 0;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The bytes of a value's string, the inverse of `decodeBytes`. */
export function encodeBytes(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const parts: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) parts.push(code - 0xdc00);
    else parts.push(...encoder.encode(char));
  }
  return Uint8Array.from(parts);
}

/** Writes a value as Rego text: keys and members in order, `set()` for the empty set. */
export function writeRegoText(value: Value): string {
  return written(value, quote);
}

/** Writes a value as OPA prints a term: as Rego text, with Go's escapes in strings. */
export function writeTerm(value: Value): string {
  return written(value, goQuote);
}

/** Rego text as `writeTerm` writes its value: most is written so already. */
export function termText(text: string): string {
  return /\\u|[^\x20-\x7e]/u.test(text) ? writeTerm(readRegoText(text)) : text;
}

function written(value: Value, quoted: (text: string) => string): string {
  const below = (one: Value): string => written(one, quoted);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof RegoSet) return value.items.length === 0 ? "set()" : `{${value.items.map(below).join(", ")}}`;
  if (value instanceof RegoObject) return `{${value.entries.map(([key, item]) => `${below(key)}: ${below(item)}`).join(", ")}}`;
  return `[${value.map(below).join(", ")}]`;
}

function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.replace(/\\udc([89a-f][0-9a-f])/g, (_all, byte: string) => `\\x${byte}`);
}

/** Writes a value as JSON text: sets as arrays, other keys than strings as the JSON text that Go makes of them; of equal texts the later key wins. */
export function writeJson(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string")
    return JSON.stringify(value.replace(/[\udc80-\udcff]/g, (unit, at: number) => (isLowHalf(value, at) ? unit : "\ufffd")));
  if (value instanceof RegoNumber) return jsonNumberText(value.text);
  if (value instanceof RegoSet) return `[${value.items.map(writeJson).join(",")}]`;
  if (value instanceof RegoObject) {
    const byText = value.entries.map(
      ([key, item]) => [typeof key === "string" ? key : asGoWrites(writeJson(key)), item] as const,
    );
    return `{${RegoObject.of(byText)
      .entries.map(([key, item]) => `${writeJson(key)}:${writeJson(item)}`)
      .join(",")}}`;
  }
  return `[${value.map(writeJson).join(",")}]`;
}

/** Go escapes what HTML or JavaScript might read. */
function asGoWrites(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function isLowHalf(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before < 0xdc00;
}
