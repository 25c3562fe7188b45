// Keys that an object literal has twice.
import type { ObjectEntry, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";

/** Of the values that a key is given, the last one counts; the others are not looked at. */
export function lastOfEachKey(term: Term): Term {
  if (term.kind !== "object" || term.entries.length < 2) return term;
  const byKey = new Map<string, ObjectEntry>();
  for (const entry of term.entries) {
    const key = keyOf(entry.key);
    byKey.set(key, { key: byKey.get(key)?.key ?? entry.key, value: entry.value });
  }
  return byKey.size === term.entries.length ? term : { ...term, entries: [...byKey.values()] };
}

/** The same for resolved keys: of two names for one document the one that is greater, as it is written, counts. */
export function lastOfEachDocument(written: Term, resolved: Term): Term {
  if (written.kind !== "object" || resolved.kind !== "object" || lastOfEachKey(resolved) === resolved) return resolved;
  const entries = resolved.entries
    .map((entry, at) => ({ entry, key: written.entries[at]!.key }))
    .sort((a, b) => compareTerms(a.key, b.key))
    .map(({ entry }) => entry);
  return lastOfEachKey({ ...resolved, entries });
}
