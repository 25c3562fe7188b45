// The members of sets and objects in the order in which OPA comes to them: sorted.
import type { ObjectTerm, SetTerm, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import type { Mapper } from "./map.ts";

/** The items of a set as OPA comes to them. */
export function sortedItems({ items }: SetTerm): readonly Term[] {
  return [...items].sort(compareTerms);
}

/** The entries of an object as OPA comes to them. */
export function sortedEntries({ entries }: ObjectTerm): ObjectTerm["entries"] {
  return [...entries].sort((a, b) => compareTerms(a.key, b.key));
}

/** The members mapped one after the other in that order; each stays where it is written. */
export function mapSorted(
  term: SetTerm | ObjectTerm,
  { term: map, key: mapKey = map }: Pick<Mapper, "term"> & { readonly key?: Mapper["term"] },
): Term {
  if (term.kind === "set") {
    const mapped = new Map(sortedItems(term).map((item) => [item, map(item)]));
    return { ...term, items: term.items.map((item) => mapped.get(item)!) };
  }
  const mapped = new Map(sortedEntries(term).map((entry) => [entry, { key: mapKey(entry.key), value: map(entry.value) }]));
  return { ...term, entries: term.entries.map((entry) => mapped.get(entry)!) };
}
