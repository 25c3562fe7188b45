// Typed reads of a resolved document, with the reference's conversions between strings, numbers, booleans and lists.
import { splitPath } from "#grammars/hocon/path.ts";
import { arrayFromIndexes, digitValue, scalarText } from "./concatenate.ts";
import { readDuration, readPeriod, readSize } from "./units.ts";
import type { ArrayValue, ConfigValue, ObjectNode, ObjectValue } from "./value.ts";

export type ReadError = "Missing" | "Null" | "WrongType" | "BadValue" | "BadPath";
export type ReadOutcome<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: ReadError };

const LONG_MAX = 9223372036854775807n;
const LONG_MIN = -9223372036854775808n;

/** The value at a path expression; `undefined` when a field on the way is missing, `WrongType` when one is no object. */
export function valueAt(root: ObjectValue, path: string): ReadOutcome<ConfigValue> {
  const { elements, problem } = splitPath(path);
  if (problem !== undefined) return { error: "BadPath" };
  let value: ConfigValue = root;
  for (const { text } of elements) {
    if (value.kind === "null") return { error: "Null" };
    if (value.kind !== "object") return { error: "WrongType" };
    const next: ConfigValue | undefined = value.fields.get(text);
    if (next === undefined) return { error: "Missing" };
    value = next;
  }
  return { value };
}

/** True when the path has a value that is not null. */
export function hasPath(root: ObjectValue, path: string, orNull = false): ReadOutcome<boolean> {
  const found = valueAt(root, path);
  if (found.error === "BadPath") return found;
  return { value: found.value !== undefined && (orNull || found.value.kind !== "null") };
}

export function readString(value: ConfigValue): ReadOutcome<string> {
  if (value.kind === "null") return { error: "Null" };
  const text = scalarText(value as Parameters<typeof scalarText>[0]);
  return text === undefined ? { error: "WrongType" } : { value: text };
}

const TRUE = new Set(["true", "yes", "on"]);
const FALSE = new Set(["false", "no", "off"]);

export function readBoolean(value: ConfigValue): ReadOutcome<boolean> {
  if (value.kind === "boolean") return { value: value.value };
  if (value.kind === "null") return { error: "Null" };
  if (value.kind === "string" && TRUE.has(value.text)) return { value: true };
  if (value.kind === "string" && FALSE.has(value.text)) return { value: false };
  return { error: "WrongType" };
}

/** A number as Java reads it: an exact integer, or a double. */
export function readNumber(value: ConfigValue): ReadOutcome<bigint | number> {
  if (value.kind === "null") return { error: "Null" };
  if (value.kind !== "number" && value.kind !== "string") return { error: "WrongType" };
  const parsed = parseNumber(value.text);
  return parsed === undefined ? { error: "WrongType" } : { value: parsed };
}

function parseNumber(text: string): bigint | number | undefined {
  if (/^[+-]?\p{Nd}+$/u.test(text)) {
    const integer = BigInt(text.replace("+", "").replace(/\p{Nd}/gu, (digit) => String(digitValue(digit))));
    if (integer <= LONG_MAX && integer >= LONG_MIN) return integer;
  }
  const trimmed = text.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, "");
  const word = /^([+-]?)(NaN|Infinity)$/.exec(trimmed);
  if (word !== null)
    return word[2] === "NaN" ? Number.NaN : word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/.test(trimmed)) return undefined;
  return Number(trimmed.replace(/[dDfF]$/, ""));
}

/** A 64-bit integer: fractions are cut off, what is too large saturates. */
export function readLong(value: ConfigValue): ReadOutcome<bigint> {
  const read = readNumber(value);
  if (read.value === undefined) return read;
  return { value: toLong(read.value) };
}

function toLong(value: bigint | number): bigint {
  if (typeof value === "bigint") return value;
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return LONG_MAX;
  return value <= -(2 ** 63) ? LONG_MIN : BigInt(Math.trunc(value));
}

export function readInt(value: ConfigValue): ReadOutcome<bigint> {
  const read = readLong(value);
  if (read.value === undefined) return read;
  return read.value > 2147483647n || read.value < -2147483648n ? { error: "WrongType" } : read;
}

/** A list, or an object whose keys are indexes. */
export function readList(value: ConfigValue): ReadOutcome<readonly ConfigValue[]> {
  if (value.kind === "array") return { value: value.items };
  if (value.kind === "null") return { error: "Null" };
  if (value.kind !== "object") return { error: "WrongType" };
  const list = arrayFromIndexes(value as ConfigValue as ObjectNode);
  return list.kind === "array" ? { value: (list as ConfigValue as ArrayValue).items } : { error: "WrongType" };
}

/** A duration in nanoseconds. */
export function readDurationValue(value: ConfigValue): ReadOutcome<bigint> {
  return readUnit(value, readDuration);
}

export function readPeriodValue(value: ConfigValue): ReadOutcome<string> {
  return readUnit(value, readPeriod);
}

/** A size in bytes. Plain numbers lose their fraction. */
export function readSizeValue(value: ConfigValue): ReadOutcome<bigint> {
  const number = readNumber(value);
  if (number.value !== undefined) {
    const size = toLong(number.value);
    return size < 0n ? { error: "BadValue" } : { value: size };
  }
  return readUnit(value, readSize);
}

function readUnit<T>(value: ConfigValue, read: (text: string) => { readonly value?: T | undefined }): ReadOutcome<T> {
  const text = readString(value);
  if (text.value === undefined) return text;
  const { value: result } = read(text.value);
  return result === undefined ? { error: "BadValue" } : { value: result };
}
