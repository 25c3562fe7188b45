// JSON with number text kept, and its canonical form: the text that OPA hashes for signatures (keys by UTF-8 bytes, no blanks).
import { jsonNumber } from "#grammars/text/json-number.ts";
import { byStack, stackIsTooSmall } from "#grammars/text/stack.ts";

/** A number as it was written. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | NumberText | readonly Json[] | JsonObject;

/** Keys are in a map, so `__proto__` is an ordinary one. */
export type JsonObject = ReadonlyMap<string, Json>;

export type ReadJson = { readonly value: Json } | { readonly fault: string; readonly offset: number };

/** Nesting that OPA reads. */
const deepestText = 10_000;

/** Reads JSON text. Of a repeated key the last value counts, as in OPA. Nesting deeper than `deepest`, or than an ordinary stack takes, is a fault, not a crash. */
export function readJson(text: string, deepest = deepestText): ReadJson {
  const reader = new Reader(text, byStack(512, deepest));
  try {
    const value = reader.value(0);
    reader.blanks();
    if (reader.at < text.length) throw new Fault("unexpected text after the document", reader.at);
    return { value };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message, offset: error.offset };
    throw error;
  }
}

class Fault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const numberText = jsonNumber();
const special = /[\\\u0000-\u001f]/;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Reader {
  at = 0;
  private readonly text: string;
  private readonly maxDepth: number;
  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  blanks(): void {
    while (" \t\r\n".includes(this.text[this.at] ?? "x")) this.at++;
  }

  value(depth: number): Json {
    this.blanks();
    if (depth > this.maxDepth) {
      stackIsTooSmall();
      throw new Fault(`nested deeper than ${this.maxDepth} levels`, this.at);
    }
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default: {
        numberText.lastIndex = this.at;
        const found = numberText.exec(this.text)?.[0];
        if (found === undefined)
          throw new Fault(
            this.at >= this.text.length ? "unexpected end of the document" : `unexpected ${JSON.stringify(this.text[this.at])}`,
            this.at,
          );
        this.at += found.length;
        return new NumberText(found);
      }
    }
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new Fault(`${word} expected`, this.at);
    this.at += word.length;
    return value;
  }

  private string(): string {
    const start = this.at + 1;
    const quote = this.text.indexOf('"', this.at + 1);
    const plain = quote < 0 ? "\\" : this.text.slice(start, quote);
    if (this.text[this.at] === '"' && !special.test(plain)) {
      this.at = quote + 1;
      return plain;
    }
    const end = this.endOfString();
    const found = this.text.slice(this.at, end);
    this.at = end;
    return (JSON.parse(found) as string).toWellFormed();
  }

  /** Behind the closing quote of a string with escapes; steps along, since a pattern would need a stack as deep as the string is long. */
  private endOfString(): number {
    const begin = this.at;
    // Made when it is needed: the trace of an error costs more than the string.
    const bad = (): Fault => new Fault("a string is not closed, or holds a bad escape", begin);
    if (this.text[this.at] !== '"') throw bad();
    for (let at = this.at + 1; ; ) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) return at + 1;
      if (Number.isNaN(code) || code < 0x20) throw bad();
      escaped.lastIndex = at;
      if (code !== 0x5c) at++;
      else if (escaped.test(this.text)) at = escaped.lastIndex;
      else throw bad();
    }
  }

  private array(depth: number): Json {
    const items: Json[] = [];
    this.at++;
    for (this.blanks(); this.text[this.at] !== "]"; this.blanks()) {
      if (items.length > 0) this.expect(",");
      items.push(this.value(depth + 1));
    }
    this.at++;
    return items;
  }

  private object(depth: number): Json {
    const entries = new Map<string, Json>();
    this.at++;
    for (this.blanks(); this.text[this.at] !== "}"; this.blanks()) {
      if (entries.size > 0) this.expect(",");
      this.blanks();
      if (this.text[this.at] !== '"') throw new Fault("a key is expected", this.at);
      const key = this.string();
      this.expect(":");
      entries.set(key, this.value(depth + 1));
    }
    this.at++;
    return entries;
  }

  private expect(mark: string): void {
    this.blanks();
    if (this.text[this.at] !== mark) throw new Fault(`${mark} expected`, this.at);
    this.at++;
  }
}

/** A plain JavaScript value as Json; undefined members are left out. What stands in it several times is made once. */
export function toJson(value: unknown, known = new Map<object, Json>()): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return new NumberText(String(value));
  if (value instanceof NumberText || value instanceof Map) return value as Json;
  const object = value as object;
  const before = known.get(object);
  if (before !== undefined) return before;
  const made = isRawJson(object) ? new NumberText(object.rawJSON) : membersToJson(object, known);
  known.set(object, made);
  return made;
}

function membersToJson(value: object, known: Map<object, Json>): Json {
  if (Array.isArray(value)) return value.map((item) => toJson(item, known));
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, toJson(item, known)]),
  );
}

/** True for a number with its digits, as `JSON.rawJSON` makes them where there is one. */
function isRawJson(value: object): value is { readonly rawJSON: string } {
  return (JSON as unknown as { isRawJSON?(value: object): boolean }).isRawJSON?.(value) === true;
}

/** Canonical text: keys sorted by UTF-8 bytes, U+2028 and U+2029 escaped, numbers as written. */
export function canonicalJson(value: Json): string {
  let text = "";
  write(value, (piece) => {
    text += piece;
  });
  return text;
}

/** Characters of the text that are encoded at once: a text made of millions of pieces takes many times its size until it is read. */
const stretch = 1 << 16;
const encoder = new TextEncoder();

/** The UTF-8 of the canonical text, made in stretches. */
export function canonicalBytes(value: Json): Uint8Array {
  let bytes = new Uint8Array(stretch);
  let size = 0;
  let text = "";
  const encode = (): void => {
    // A character takes three bytes at most, and half a pair never stands at an end: pieces are whole texts.
    if (bytes.length - size < 3 * text.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, size + 3 * text.length));
      larger.set(bytes.subarray(0, size));
      bytes = larger;
    }
    size += encoder.encodeInto(text, bytes.subarray(size)).written;
    text = "";
  };
  write(value, (piece) => {
    text += piece;
    if (text.length >= stretch) encode();
  });
  encode();
  return bytes.subarray(0, size);
}

/** Tells the pieces of the canonical text in their order. */
function write(value: Json, put: (piece: string) => void): void {
  if (value === null || typeof value === "boolean") put(String(value));
  else if (typeof value === "string") put(quote(value));
  else if (value instanceof NumberText) put(value.text);
  else if (isArray(value)) {
    let before = "[";
    for (const item of value) {
      put(before);
      before = ",";
      write(item, put);
    }
    put(before === "[" ? "[]" : "]");
  } else {
    let before = "{";
    for (const key of sortedKeys(value)) {
      put(`${before}${quote(key)}:`);
      before = ",";
      write(value.get(key)!, put);
    }
    put(before === "{" ? "{}" : "}");
  }
}

/** The language's own order differs from that of UTF-8 only where halves of surrogate pairs are compared. */
function sortedKeys(value: JsonObject): readonly string[] {
  const keys = [...value.keys()];
  return keys.some((key) => surrogate.test(key)) ? keys.sort(byUtf8) : keys.sort();
}

const surrogate = /[\ud800-\udfff]/;
/** What stands in JSON as it is. */
const plain = /^[ !#-[\]-~]*$/;

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text.toWellFormed()).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Orders texts by their UTF-8 bytes, which is by code points. */
export function byUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    const surrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000;
    if (surrogate(left) !== surrogate(right)) return surrogate(left) ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

/** Both documents in one: objects are merged, anything else must be equal. The path names the first clash. */
export function mergeJson(a: Json, b: Json, path = ""): { readonly value: Json } | { readonly clash: string } {
  if (!(a instanceof Map) || !(b instanceof Map)) return canonicalJson(a) === canonicalJson(b) ? { value: a } : { clash: path };
  const merged = new Map<string, Json>(a as JsonObject);
  for (const [key, value] of b as JsonObject) {
    const before = merged.get(key);
    const outcome = before === undefined ? { value } : mergeJson(before, value, `${path}/${key}`);
    if ("clash" in outcome) return outcome;
    merged.set(key, outcome.value);
  }
  return { value: merged };
}
