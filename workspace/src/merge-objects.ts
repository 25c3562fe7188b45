// Documents laid over each other: objects become one, anything else must not meet.
import { RegoObject, type Value } from "#evaluation/value.ts";

/** Both objects in one, or the path of the first place where two values meet. */
export function mergeObjects(
  a: RegoObject,
  b: RegoObject,
  at: readonly Value[] = [],
): RegoObject | { readonly clash: readonly Value[] } {
  if (a.entries.length === 0) return b;
  const entries = new Map(a.entries);
  for (const [key, value] of b.entries) {
    const held = a.get(key);
    if (held === undefined) {
      entries.set(key, value);
      continue;
    }
    const here = [...at, key];
    if (!(held instanceof RegoObject) || !(value instanceof RegoObject)) return { clash: here };
    const both = mergeObjects(held, value, here);
    if (!(both instanceof RegoObject)) return both;
    entries.set(key, both);
  }
  return RegoObject.of(entries);
}

/** A document at a path: objects of one key each around it. */
export function placedAt(path: readonly string[], document: Value): Value {
  return path.reduceRight<Value>((below, key) => RegoObject.of([[key, below]]), document);
}
