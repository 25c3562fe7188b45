// What was seen of the values at one place of many documents. Two such accounts are one, in any order: what was seen is only ever added up.
import { hasFormat } from "#evaluation/builtins/json-schema/formats.ts";

export const kinds = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;
export type Kind = (typeof kinds)[number];

/** Formats that the strings at a place may have, those that say more first; the last two are HOCON's. */
export const formats = [
  "uuid",
  "ipv4",
  "ipv6",
  "email",
  "date-time",
  "date",
  "time",
  "uri",
  "hocon-duration",
  "hocon-size",
] as const;
export type Format = (typeof formats)[number];

export interface Seen {
  /** How many values of each kind. */
  readonly kinds: ReadonlyMap<Kind, number>;
  /** The strings, numbers and truth values as JSON, each once; undefined when there are too many to be told. */
  readonly scalars: ReadonlySet<string> | undefined;
  /** What all strings so far are; without any, everything. */
  readonly formats: ReadonlySet<Format>;
  readonly properties: ReadonlyMap<string, Seen>;
  /** What was seen of the elements of arrays. */
  readonly items: Seen | undefined;
}

/** Values of an enumeration. */
export const mostValues = 8;

/** A longer string is a text, and none of few values. */
const longest = 60;

export const nothingSeen: Seen = {
  kinds: new Map(),
  scalars: new Set(),
  formats: new Set(formats),
  properties: new Map(),
  items: undefined,
};

export function seenIn(value: unknown): Seen {
  const kind = kindOf(value);
  const seen = { ...nothingSeen, kinds: new Map([[kind, 1]]) };
  if (Array.isArray(value)) return { ...seen, items: value.map(seenIn).reduce(merged, nothingSeen) };
  if (typeof value === "object" && value !== null)
    return { ...seen, properties: new Map(Object.entries(value).map(([name, inner]) => [name, seenIn(inner)])) };
  if (value === null) return seen;
  const json = JSON.stringify(value);
  const scalars = json.length > longest ? undefined : new Set([json]);
  return typeof value === "string" ? { ...seen, scalars, formats: formatsOf(value) } : { ...seen, scalars };
}

export function merged(one: Seen, other: Seen): Seen {
  return {
    kinds: addedUp(one.kinds, other.kinds, (left, right) => left + right),
    scalars: together(one.scalars, other.scalars),
    formats: new Set([...one.formats].filter((format) => other.formats.has(format))),
    properties: addedUp(one.properties, other.properties, merged),
    items: one.items === undefined || other.items === undefined ? (one.items ?? other.items) : merged(one.items, other.items),
  };
}

function addedUp<Key, Value>(
  one: ReadonlyMap<Key, Value>,
  other: ReadonlyMap<Key, Value>,
  add: (left: Value, right: Value) => Value,
): ReadonlyMap<Key, Value> {
  const sum = new Map(one);
  for (const [key, value] of other) {
    const held = sum.get(key);
    sum.set(key, held === undefined ? value : add(held, value));
  }
  return sum;
}

function together(one: Seen["scalars"], other: Seen["scalars"]): Seen["scalars"] {
  if (one === undefined || other === undefined) return undefined;
  const all = new Set([...one, ...other]);
  return all.size > mostValues ? undefined : all;
}

function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "string" ? "string" : "object";
}

/** As the reference library reads them; a number alone would be one of milliseconds or bytes, and so is no sign. */
const duration =
  /^[+-]?\d+(?:\.\d+)?\s*(?:ns|nanos?|nanoseconds?|us|micros?|microseconds?|ms|millis?|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)$/u;
const size =
  /^\d+(?:\.\d+)?\s*(?:B|b|bytes?|kB|kilobytes?|[KMGTPEZY]i?B?|[kmgtpezy]|(?:mega|giga|tera|peta|exa|zetta|yotta)bytes?|(?:kibi|mebi|gibi|tebi|pebi|exbi|zebi|yobi)bytes?|[MGTPEZY]B)$/u;

function formatsOf(text: string): ReadonlySet<Format> {
  return new Set(formats.filter((format) => isOf(format, text)));
}

function isOf(format: Format, text: string): boolean {
  switch (format) {
    case "hocon-duration":
      return duration.test(text);
    case "hocon-size":
      return size.test(text);
    // Schemas take a time or a date alone for both together.
    case "date-time":
      return /^\d{4}-\d\d-\d\d[Tt ]\d/u.test(text) && hasFormat(format, text);
    // A word and a colon would do.
    case "uri":
      return /^[a-z][a-z0-9+.-]+:\/\/./iu.test(text) && hasFormat(format, text);
    default:
      return hasFormat(format, text);
  }
}
