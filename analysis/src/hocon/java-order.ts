// The order in which the reference visits the keys of an object: that of Java's hash table. It shows only where the outcome depends on it
// (two fields that swap, several errors of which the first is named).

import type { ObjectNode } from "./value.ts";

/**
 * Some keys of an object in the order of a `java.util.HashMap` that all its fields were entered into one by one; `copied`: of a copy of that
 * table, which is just large enough.
 */
export function javaOrder({ fields, ranks }: ObjectNode, keys: readonly string[], copied: boolean): readonly string[] {
  if (keys.length < 2) return keys;
  const list = [...keys];
  if (ranks !== undefined) list.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  let capacity = 16;
  while (fields.size > capacity * 0.75) capacity *= 2;
  byBucket(list, capacity);
  if (copied) byBucket(list, 2 ** Math.ceil(Math.log2(Math.floor(fields.size / 0.75 + 1))));
  return list;
}

/** Keys of one bucket keep their order. */
function byBucket(list: string[], capacity: number): void {
  const bucket = new Map<string, number>();
  for (const key of list) bucket.set(key, spread(key) & (capacity - 1));
  list.sort((a, b) => bucket.get(a)! - bucket.get(b)!);
}

function spread(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return hash ^ (hash >>> 16);
}
