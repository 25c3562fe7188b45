// A text per constant term, equal exactly for equal values: map keys and a quick test of equality.
import type { Term } from "#grammars/rego/ast.ts";
import { normalNumber } from "./numbers.ts";

/** The key of a term. Constants of equal value share it; for other terms it is equal for equal structure at most. */
export function keyOf(term: Term): string {
  switch (term.kind) {
    case "string":
      return `s${term.value}`;
    case "var":
      return `v${term.name}`;
    case "null":
      return "0";
    case "boolean":
      return term.value ? "b1" : "b0";
    case "number":
      return `n${normalNumber(term.text)}`;
    case "array":
      return `[${term.items.map((item) => JSON.stringify(keyOf(item))).join()}]`;
    case "set":
      return `<${[...new Set(term.items.map((item) => JSON.stringify(keyOf(item))))].sort().join()}>`;
    case "object":
      return `{${term.entries
        .map(({ key, value }) => `${JSON.stringify(keyOf(key))}:${JSON.stringify(keyOf(value))}`)
        .sort()
        .join()}}`;
    case "ref":
      return `r${term.parts.map((part) => JSON.stringify(keyOf(part))).join(".")}`;
    default:
      return `?${term.kind}@${term.start}-${term.end}`;
  }
}
