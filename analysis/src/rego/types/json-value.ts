// Constant values as JSON knows them, with numbers kept as text: the keys of static object properties.
import { compareNumberText } from "#grammars/rego/numbers.ts";
import { goQuote } from "#grammars/text/go-quote.ts";
import { exactNumber } from "../exact-number.ts";

export type JsonValue =
  | null
  | boolean
  | string
  | { readonly number: string }
  | readonly JsonValue[]
  | { readonly properties: readonly (readonly [string, JsonValue])[] };

function rank(value: JsonValue): number {
  if (value === null) return 0;
  if (typeof value === "boolean") return 1;
  if (typeof value === "string") return 3;
  if ("number" in value) return 2;
  return "properties" in value ? 5 : 4;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Total order: null, booleans, numbers, strings, arrays, objects. */
export function compareJson(a: JsonValue, b: JsonValue): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  if (typeof a === "string") return compareText(a, b as string);
  if (a === null || typeof a === "boolean") return Number(a) - Number(b);
  if ("number" in a) return compareNumberText(a.number, (b as { number: string }).number);
  if ("properties" in a) {
    const other = (b as typeof a).properties;
    for (let i = 0; i < Math.min(a.properties.length, other.length); i++) {
      const order = compareText(a.properties[i]![0], other[i]![0]) || compareJson(a.properties[i]![1], other[i]![1]);
      if (order !== 0) return order;
    }
    return a.properties.length - other.length;
  }
  const other = b as readonly JsonValue[];
  for (let i = 0; i < Math.min(a.length, other.length); i++) {
    const order = compareJson(a[i]!, other[i]!);
    if (order !== 0) return order;
  }
  return a.length - other.length;
}

/** The text Go's `%v` gives for the value. */
export function printPlain(value: JsonValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if ("number" in value) return value.number;
  if ("properties" in value) return `map[${value.properties.map(([k, v]) => `${k}:${printPlain(v)}`).join(" ")}]`;
  return `[${value.map(printPlain).join(" ")}]`;
}

/** A JSON value as JavaScript has it. */
export function valueToJson(value: JsonValue): unknown {
  if (value === null || typeof value !== "object") return value;
  if ("number" in value) return exactNumber(value.number);
  if ("properties" in value) return Object.fromEntries(value.properties.map(([key, item]) => [key, valueToJson(item)]));
  return value.map(valueToJson);
}

/** The value of a term in the JSON form of OPA's syntax trees. */
export function valueToTree(value: JsonValue): unknown {
  return treeOf(value).value;
}

function treeOf(value: JsonValue): { readonly type: string; readonly value: unknown } {
  if (value === null) return { type: "null", value: {} };
  if (typeof value !== "object") return { type: typeof value, value };
  if ("number" in value) return { type: "number", value: exactNumber(value.number) };
  if (!("properties" in value)) return { type: "array", value: value.map(treeOf) };
  return { type: "object", value: value.properties.map(([key, item]) => [treeOf(key), treeOf(item)]) };
}

/** A value as OPA prints it; numbers as they are spelled, also where JSON knows no such number. */
export function printValue(value: JsonValue): string {
  if (typeof value === "string") return goQuote(value);
  if (value === null || typeof value !== "object") return String(value);
  if ("number" in value) return value.number;
  if (!("properties" in value)) return `[${value.map(printValue).join(", ")}]`;
  return `{${value.properties.map(([key, item]) => `${goQuote(key)}: ${printValue(item)}`).join(", ")}}`;
}
