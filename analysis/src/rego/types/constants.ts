// Constant terms as JSON values.
import type { Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { JsonValue } from "./json-value.ts";

/** The constant as JSON, sets as sorted arrays; undefined for terms that are not constant. */
export function jsonOf(term: Term): JsonValue | undefined {
  switch (term.kind) {
    case "null":
      return null;
    case "boolean":
      return term.value;
    case "string":
      return term.value;
    case "number":
      return { number: term.text };
    case "array":
      return listOf(term.items);
    case "set": {
      const sorted = [...term.items].sort(compareTerms);
      return listOf(sorted.filter((item, i) => i === 0 || keyOf(item) !== keyOf(sorted[i - 1]!)));
    }
    case "object": {
      const properties: [string, JsonValue][] = [];
      for (const { key, value } of term.entries) {
        const json = jsonOf(value);
        if (json === undefined || jsonOf(key) === undefined) return undefined;
        properties.push([key.kind === "string" ? key.value : printTerm(key), json]);
      }
      return { properties: properties.sort(([a], [b]) => (a < b ? -1 : 1)) };
    }
    default:
      return undefined;
  }
}

function listOf(items: readonly Term[]): JsonValue | undefined {
  const list: JsonValue[] = [];
  for (const item of items) {
    const json = jsonOf(item);
    if (json === undefined) return undefined;
    list.push(json);
  }
  return list;
}
