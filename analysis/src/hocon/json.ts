// Resolved values as JSON text: numbers as the reference prints them.
import { canonicalNumber } from "#grammars/hocon/number.ts";
import type { ConfigValue } from "./value.ts";

export interface JsonOptions {
  /** `document` keeps the order of first appearance; `reference` sorts as the reference does: indexes first, then names. */
  readonly order?: "document" | "reference";
  /** Blanks per level; without it the text is on one line. */
  readonly indent?: number;
}

/** The JSON text of a value. Infinite numbers print as the reference prints them, which is no JSON: `resolveHocon` reports them. */
export function toJsonText(value: ConfigValue, { order = "document", indent = 0 }: JsonOptions = {}): string {
  return textOf(value, order, " ".repeat(indent), "\n");
}

/** `step` is the indentation of one level, `line` a line break with that of the value; without a step all is on one line. */
function textOf(value: ConfigValue, order: "document" | "reference", step: string, line: string): string {
  switch (value.kind) {
    case "string":
      return quoted(value.text);
    case "number":
      return canonicalNumber(value.text);
    case "boolean":
      return value.value ? "true" : "false";
    case "null":
      return "null";
    case "array": {
      const inner = step === "" ? "" : line + step;
      let out = "";
      for (const item of value.items) out += `${out === "" ? "[" : ","}${inner}${textOf(item, order, step, inner)}`;
      return out === "" ? "[]" : `${out}${step === "" ? "" : line}]`;
    }
    case "object": {
      const inner = step === "" ? "" : line + step;
      const colon = step === "" ? ":" : ": ";
      const fields = order === "document" ? value.fields : [...value.fields].sort(([a], [b]) => compareKeys(a, b));
      let out = "";
      for (const [key, field] of fields)
        out += `${out === "" ? "{" : ","}${inner}${quoted(key)}${colon}${textOf(field, order, step, inner)}`;
      return out === "" ? "{}" : `${out}${step === "" ? "" : line}}`;
    }
  }
}

/** Characters that a JSON string may hold as they are; the rest is left to the engine's own escaping. */
const PLAIN = /^[ !#-[\]-~\u00A0-\uD7FF]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const DIGITS = /^\d+$/;

/** The reference's order of keys: those of digits only come first, by value; the others by their characters. */
export function compareKeys(a: string, b: string): number {
  const first = DIGITS.test(a);
  const second = DIGITS.test(b);
  if (first && second) {
    const x = BigInt(a);
    const y = BigInt(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (first !== second) return first ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
