// Terms in the JSON form of OPA's syntax trees, for details of errors.
import type { Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { termToJson as closureToJson } from "../ast-json.ts";

/** `{"type": "var", "value": "x"}` */
export function termToJson(term: Term): unknown {
  switch (term.kind) {
    case "null":
      return { type: "null", value: {} };
    case "boolean":
    case "string":
      return { type: term.kind, value: term.value };
    case "var":
      return { type: "var", value: term.name };
    case "ref":
      return { type: "ref", value: term.parts.map(termToJson) };
    case "array":
      return { type: "array", value: term.items.map(termToJson) };
    case "set":
      return { type: "set", value: [...term.items].sort(compareTerms).map(termToJson) };
    case "object":
      return {
        type: "object",
        value: [...term.entries]
          .sort((a, b) => compareTerms(a.key, b.key))
          .map(({ key, value }) => [termToJson(key), termToJson(value)]),
      };
    case "call":
      return { type: "call", value: [term.operator, ...term.args].map(termToJson) };
    default:
      return closureToJson(term);
  }
}
