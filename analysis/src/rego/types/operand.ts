// The type of a term as far as the term itself tells.
import type { ObjectEntry, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { jsonOf } from "./constants.ts";
import { makeObject, or } from "./operations.ts";
import { BOOLEAN, type Maybe, NULL, NUMBER, STRING, type StaticProperty } from "./type.ts";

interface PartTypes {
  typeOf(part: Term): Maybe;
  typesOf(parts: readonly Term[]): readonly Maybe[];
}

/** The type of a term; `types` gives those of its parts that are no constants. */
export function typeOfTerm(term: Term, types: PartTypes): Maybe {
  switch (term.kind) {
    case "null":
      return NULL;
    case "boolean":
      return BOOLEAN;
    case "number":
      return NUMBER;
    case "string":
    case "templateString":
      return STRING;
    case "array":
      return { kind: "array", static: types.typesOf(term.items), dynamic: undefined };
    case "object": {
      const properties: StaticProperty[] = [];
      // Of the keys that are no constants OPA keeps the last one in the order of terms.
      let last: ObjectEntry | undefined;
      for (const entry of term.entries) {
        const json = jsonOf(entry.key);
        if (json !== undefined) properties.push({ key: json, value: types.typeOf(entry.value) });
        else if (last === undefined || compareTerms(entry.key, last.key) >= 0) last = entry;
      }
      return makeObject(properties, last && { key: types.typeOf(last.key), value: types.typeOf(last.value) });
    }
    case "set":
      return { kind: "set", of: term.items.reduce<Maybe>((all, item) => or(all, types.typeOf(item)), undefined) };
    default:
      return undefined;
  }
}
