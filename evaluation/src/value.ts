// Rego values on the host: exact numbers, sets, and objects with keys of any type, in the total order of Rego.
import { compareStrings } from "#grammars/text/compare-strings.ts";
import { compareNumbers } from "./number.ts";

/** Bytes of a string that are no UTF-8 stand as lone low surrogates U+DC80…U+DCFF; no other lone surrogate can occur in a value. */
export type Value = null | boolean | string | RegoNumber | RegoArray | RegoObject | RegoSet;
export type RegoArray = readonly Value[];

/** A number is its text, as OPA keeps it: `1.0`, `1e2` and 30-digit integers stay what they are. */
export class RegoNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  static of(value: number | bigint): RegoNumber {
    return new RegoNumber(String(value));
  }
}

/** Members in Rego order, each once. */
export class RegoSet {
  readonly items: readonly Value[];
  private constructor(items: readonly Value[]) {
    this.items = items;
  }

  /** Of equal members the first spelling stays. */
  static of(items: Iterable<Value>): RegoSet {
    const sorted = [...items].sort(compareValues);
    return new RegoSet(sorted.filter((item, index) => index === 0 || compareValues(sorted[index - 1]!, item) !== 0));
  }

  has(value: Value): boolean {
    return search(this.items, value) >= 0;
  }
}

/** Entries in the order of their keys, each key once. */
export class RegoObject {
  readonly entries: readonly (readonly [Value, Value])[];
  private constructor(entries: readonly (readonly [Value, Value])[]) {
    this.entries = entries;
  }

  /** Of equal keys the first spelling and the last value stay. */
  static of(entries: Iterable<readonly [Value, Value]>): RegoObject {
    return RegoObject.from([...entries]);
  }

  /** The same of a list that nobody else has. */
  static from(sorted: (readonly [Value, Value])[]): RegoObject {
    if (isAscending(sorted)) return new RegoObject(sorted);
    sorted.sort((a, b) => compareValues(a[0], b[0]));
    const unique: (readonly [Value, Value])[] = [];
    for (const entry of sorted) {
      const last = unique.at(-1);
      if (last !== undefined && compareValues(last[0], entry[0]) === 0) unique[unique.length - 1] = [last[0], entry[1]];
      else unique.push(entry);
    }
    return new RegoObject(unique);
  }

  get(key: Value): Value | undefined {
    const at = search(this.entries, key, (entry) => entry[0]);
    return at < 0 ? undefined : this.entries[at]![1];
  }
}

function isAscending(entries: readonly (readonly [Value, Value])[]): boolean {
  for (let at = 1; at < entries.length; at++) if (compareValues(entries[at - 1]![0], entries[at]![0]) >= 0) return false;
  return true;
}

export type TypeName = "null" | "boolean" | "number" | "string" | "array" | "object" | "set";

/** The type's name as `type_name` gives it. */
export function typeOf(value: Value): TypeName {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (value instanceof RegoNumber) return "number";
  if (value instanceof RegoSet) return "set";
  if (value instanceof RegoObject) return "object";
  return "array";
}

const rank: Readonly<Record<TypeName, number>> = { null: 0, boolean: 1, number: 2, string: 3, array: 4, object: 5, set: 6 };

/** Rego's total order: negative, zero or positive. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  const type = typeOf(a);
  const byType = rank[type] - rank[typeOf(b)];
  if (byType !== 0) return byType;
  switch (type) {
    case "null":
      return 0;
    case "boolean":
      return Number(a) - Number(b);
    case "number":
      return compareNumbers((a as RegoNumber).text, (b as RegoNumber).text);
    case "string":
      return compareStrings(a as string, b as string);
    case "array":
      return compareLists(a as RegoArray, b as RegoArray);
    case "set":
      return compareLists((a as RegoSet).items, (b as RegoSet).items);
    case "object": {
      const left = (a as RegoObject).entries;
      const right = (b as RegoObject).entries;
      for (let index = 0; index < left.length && index < right.length; index++) {
        const byEntry = compareValues(left[index]![0], right[index]![0]) || compareValues(left[index]![1], right[index]![1]);
        if (byEntry !== 0) return byEntry;
      }
      return left.length - right.length;
    }
  }
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const byItem = compareValues(a[index]!, b[index]!);
    if (byItem !== 0) return byItem;
  }
  return a.length - b.length;
}

function search<T>(sorted: readonly T[], value: Value, key: (item: T) => Value = (item) => item as Value): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareValues(key(sorted[middle]!), value);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
