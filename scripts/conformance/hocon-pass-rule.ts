// The pass rule of the HOCON conformance kit (its README): values by deep equality with numbers as texts, errors by line and kind.
import type { HoconExpectation, HoconResult } from "./hocon-case.ts";

interface NumberText {
  readonly number: string;
}
type Json = string | boolean | null | NumberText | readonly Json[] | ReadonlyMap<string, Json>;

const TOKEN = /\s*(?:([{}[\],:])|"((?:[^"\\]|\\[\s\S])*)"|(-?Infinity|NaN|true|false|null)|([-+0-9.eE]+))/y;

/** Reads JSON with numbers as texts and the tokens `Infinity`, `-Infinity` and `NaN`. Undefined when the text is no JSON. */
export function readJson(text: string): Json | undefined {
  TOKEN.lastIndex = 0;
  const reader = new JsonReader(text);
  const value = reader.value();
  return value !== undefined && reader.atEnd() ? value : undefined;
}

class JsonReader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  private token(): RegExpExecArray | undefined {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (match === null) return undefined;
    this.at = TOKEN.lastIndex;
    return match;
  }

  atEnd(): boolean {
    return this.text.slice(this.at).trim() === "";
  }

  private accept(mark: string): boolean {
    const before = this.at;
    if (this.token()?.[1] === mark) return true;
    this.at = before;
    return false;
  }

  value(): Json | undefined {
    const token = this.token();
    if (token === undefined) return undefined;
    if (token[2] !== undefined) return unquote(token[2]);
    if (token[4] !== undefined) return { number: token[4] };
    switch (token[3]) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      case undefined:
        return token[1] === "{" ? this.object() : token[1] === "[" ? this.array() : undefined;
      default:
        return { number: token[3] };
    }
  }

  private array(): Json | undefined {
    const items: Json[] = [];
    if (this.accept("]")) return items;
    for (;;) {
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.accept("]")) return items;
      if (!this.accept(",")) return undefined;
    }
  }

  private object(): Json | undefined {
    const fields = new Map<string, Json>();
    if (this.accept("}")) return fields;
    for (;;) {
      const key = this.token()?.[2];
      if (key === undefined || !this.accept(":")) return undefined;
      const value = this.value();
      const name = unquote(key);
      if (value === undefined || name === undefined || fields.has(name)) return undefined;
      fields.set(name, value);
      if (this.accept("}")) return fields;
      if (!this.accept(",")) return undefined;
    }
  }
}

/** Raw control characters are accepted inside strings, as the reference prints them. */
function unquote(raw: string): string | undefined {
  const escaped = raw.replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  try {
    return JSON.parse(`"${escaped}"`) as string;
  } catch {
    return undefined;
  }
}

const INTEGER = /^-?[0-9]+$/;

/** Numbers are equal as texts, as integers, or (unless one is a long integer) as doubles. */
export function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  const integers = [a, b].filter((text) => INTEGER.test(text));
  if (integers.length === 2) return BigInt(a) === BigInt(b);
  if (integers.some((text) => text.replace("-", "").length > 15)) return false;
  return Number.isFinite(Number(a)) && Number(a) === Number(b);
}

function difference(expected: Json, got: Json, path: string): string | undefined {
  if (expected instanceof Map) {
    if (!(got instanceof Map)) return `${path}: expected an object`;
    for (const [key, value] of expected as ReadonlyMap<string, Json>) {
      const other = got.get(key);
      if (other === undefined) return `${path}: missing key ${JSON.stringify(key)}`;
      const found = difference(value, other, `${path}.${key}`);
      if (found !== undefined) return found;
    }
    for (const key of got.keys()) if (!expected.has(key)) return `${path}: extra key ${JSON.stringify(key)}`;
    return undefined;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got)) return `${path}: expected an array`;
    if (expected.length !== got.length) return `${path}: expected ${expected.length} elements, got ${got.length}`;
    for (const [index, item] of expected.entries()) {
      const found = difference(item, got[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isNumber(expected) || isNumber(got)) {
    if (isNumber(expected) && isNumber(got) && sameNumber(expected.number, got.number)) return undefined;
    return `${path}: expected ${show(expected)}, got ${show(got)}`;
  }
  return expected === got ? undefined : `${path}: expected ${show(expected)}, got ${show(got)}`;
}

function isNumber(value: Json): value is NumberText {
  return typeof value === "object" && value !== null && "number" in value;
}

function show(value: Json): string {
  return isNumber(value) ? value.number : value instanceof Map ? "an object" : JSON.stringify(value);
}

/** Compares two JSON texts by the kit's rule. Undefined when they are equal. */
export function compareJson(expected: string, got: string): string | undefined {
  const left = readJson(expected);
  const right = readJson(got);
  if (left === undefined) return "the expected text is no JSON";
  if (right === undefined) return "the json text does not parse";
  return difference(left, right, "$");
}

/** Judges a result. Undefined when it passes, else the reason. */
export function judgeHocon(expect: HoconExpectation, got: HoconResult): string | undefined {
  if (expect.either) return undefined;
  if (expect.result === "ok") return judgeValue(expect, got);
  if (got.result !== "error") return `expected an error (${expect.kind} line ${expect.line ?? "-"}), got ${got.json}`;
  if (expect.stage === "parse" && expect.line !== undefined) {
    if (got.line !== expect.line) return `error on line ${got.line}, expected ${expect.line}: ${got.message}`;
    if (expect.file && got.file && got.file !== expect.file) return `error in ${got.file}, expected ${expect.file}`;
  }
  if (expect.stage === "resolve" && got.kind !== expect.kind)
    return `error kind ${got.kind}, expected ${expect.kind}: ${got.message}`;
  return undefined;
}

function judgeValue(expect: HoconExpectation, got: HoconResult): string | undefined {
  if (got.result !== "ok") return expect.notJson ? undefined : `expected a value, got an error: ${got.message}`;
  if (expect.value !== undefined) {
    const same = JSON.stringify(expect.value) === JSON.stringify(got.value);
    return same ? undefined : `expected ${JSON.stringify(expect.value)}, got ${JSON.stringify(got.value)}`;
  }
  if (expect.json === undefined) return undefined;
  return got.json === undefined ? "the result has no json" : compareJson(expect.json, got.json);
}
