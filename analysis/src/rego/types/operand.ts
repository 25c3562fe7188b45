// The type of a term as far as the term itself tells.
import type { ObjectEntry, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { jsonOf } from "./constants.ts";
import { makeObject, or } from "./operations.ts";
import { BOOLEAN, type Maybe, NULL, NUMBER, STRING, type StaticProperty } from "./type.ts";

/** The type of a term; `typeOf` gives the types of its parts that are no constants. */
export function typeOfTerm(term: Term, typeOf: (part: Term) => Maybe): Maybe {
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
      return { kind: "array", static: term.items.map(typeOf), dynamic: undefined };
    case "object": {
      const properties: StaticProperty[] = [];
      // Of the keys that are no constants OPA keeps the last one in the order of terms.
      let last: ObjectEntry | undefined;
      for (const entry of term.entries) {
        const json = jsonOf(entry.key);
        if (json !== undefined) properties.push({ key: json, value: typeOf(entry.value) });
        else if (last === undefined || compareTerms(entry.key, last.key) >= 0) last = entry;
      }
      return makeObject(properties, last && { key: typeOf(last.key), value: typeOf(last.value) });
    }
    case "set":
      return { kind: "set", of: term.items.reduce<Maybe>((all, item) => or(all, typeOf(item)), undefined) };
    default:
      return undefined;
  }
}
