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
  const out: string[] = [];
  write(out, value, order, indent, "");
  return out.join("");
}

function write(out: string[], value: ConfigValue, order: "document" | "reference", indent: number, margin: string): void {
  switch (value.kind) {
    case "string":
      out.push(JSON.stringify(value.text));
      return;
    case "number":
      out.push(canonicalNumber(value.text));
      return;
    case "boolean":
      out.push(value.value ? "true" : "false");
      return;
    case "null":
      out.push("null");
      return;
    case "array": {
      if (value.items.length === 0) {
        out.push("[]");
        return;
      }
      const inner = indent === 0 ? "" : `\n${margin}${" ".repeat(indent)}`;
      let separator = "[";
      for (const item of value.items) {
        out.push(separator, inner);
        write(out, item, order, indent, inner.slice(1));
        separator = ",";
      }
      out.push(indent === 0 ? "]" : `\n${margin}]`);
      return;
    }
    case "object": {
      if (value.fields.size === 0) {
        out.push("{}");
        return;
      }
      const inner = indent === 0 ? "" : `\n${margin}${" ".repeat(indent)}`;
      const fields = order === "document" ? value.fields : [...value.fields].sort(([a], [b]) => compareKeys(a, b));
      let separator = "{";
      for (const [key, field] of fields) {
        out.push(separator, inner, JSON.stringify(key), indent === 0 ? ":" : ": ");
        write(out, field, order, indent, inner.slice(1));
        separator = ",";
      }
      out.push(indent === 0 ? "}" : `\n${margin}}`);
    }
  }
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
