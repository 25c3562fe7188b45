// Rego text ⇄ value: the form in which our runtime hands values to the host without loss (sets, exact numbers, any keys).
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";

/** Reads one value; throws SyntaxError on other text, which only a broken module can give. Nesting is bounded by the runtime (10,000 levels). */
export function readRegoText(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value();
  reader.blanks();
  if (reader.at < text.length) throw new SyntaxError(`unexpected text after the value at ${reader.at}`);
  return value;
}

class Reader {
  at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  blanks(): void {
    while (this.at < this.text.length && " \t\r\n".includes(this.text[this.at]!)) this.at++;
  }

  value(): Value {
    this.blanks();
    const char = this.text[this.at];
    if (char === '"') return this.string();
    if (char === "[") return this.list();
    if (char === "{") return this.braces();
    for (const [word, value] of [
      ["null", null],
      ["true", true],
      ["false", false],
    ] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    if (this.text.startsWith("set()", this.at)) {
      this.at += 5;
      return RegoSet.of([]);
    }
    const start = this.at;
    while (this.at < this.text.length && /[-+.0-9a-zA-Z_]/.test(this.text[this.at]!)) this.at++;
    if (this.at === start) throw new SyntaxError(`unexpected ${char ?? "end of text"} at ${start}`);
    return new RegoNumber(this.text.slice(start, this.at));
  }

  private list(): Value[] {
    const items: Value[] = [];
    this.at++;
    while (!this.closes("]")) {
      items.push(this.value());
      this.separator("]");
    }
    return items;
  }

  private braces(): Value {
    const entries: [Value, Value][] = [];
    const members: Value[] = [];
    this.at++;
    while (!this.closes("}")) {
      const item = this.value();
      this.blanks();
      if (this.text[this.at] === ":") {
        this.at++;
        entries.push([item, this.value()]);
      } else members.push(item);
      this.separator("}");
    }
    return members.length > 0 ? RegoSet.of(members) : RegoObject.of(entries);
  }

  private closes(bracket: string): boolean {
    this.blanks();
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  private separator(close: string): void {
    this.blanks();
    if (this.text[this.at] === ",") this.at++;
    else if (this.text[this.at] !== close) throw new SyntaxError(`, or ${close} expected at ${this.at}`);
  }

  /** Go's quoted form: `\x..` is a byte, `\u` and `\U` are code points. Bytes that form no UTF-8 become U+DC80…U+DCFF. */
  private string(): string {
    const start = ++this.at;
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) throw new SyntaxError(`the string that starts at ${start - 1} does not end`);
      this.at += this.text[this.at] === "\\" ? 2 : 1;
    }
    const source = this.text.slice(start, this.at++);
    return source.includes("\\") ? decodeEscapes(source) : source;
  }
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
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value);
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof RegoSet) return value.items.length === 0 ? "set()" : `{${value.items.map(writeRegoText).join(", ")}}`;
  if (value instanceof RegoObject)
    return `{${value.entries.map(([key, item]) => `${writeRegoText(key)}: ${writeRegoText(item)}`).join(", ")}}`;
  return `[${value.map(writeRegoText).join(", ")}]`;
}

function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.replace(/\\udc([89a-f][0-9a-f])/g, (_all, byte: string) => `\\x${byte}`);
}

/** Writes a value as JSON text: sets as arrays, other keys than strings as their JSON text; of equal texts the later key wins. */
export function writeJson(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string")
    return JSON.stringify(value.replace(/[\udc80-\udcff]/g, (unit, at: number) => (isLowHalf(value, at) ? unit : "\ufffd")));
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof RegoSet) return `[${value.items.map(writeJson).join(",")}]`;
  if (value instanceof RegoObject) {
    const byText = value.entries.map(([key, item]) => [typeof key === "string" ? key : writeJson(key), item] as const);
    return `{${RegoObject.of(byText)
      .entries.map(([key, item]) => `${writeJson(key)}:${writeJson(item)}`)
      .join(",")}}`;
  }
  return `[${value.map(writeJson).join(",")}]`;
}

function isLowHalf(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before < 0xdc00;
}
