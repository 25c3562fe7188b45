// The text of a decision without what depends on how its numbers were spelled.
import { canonical, type ExactJson, NumberText, readExact } from "../../scripts/conformance/exact-json.ts";

/**
 * The value's canonical text; of keys that are JSON themselves, as those of a set or an array as key, the canonical text too:
 * equal numbers have several spellings, and which one a function's remembered result has depends on which call came first.
 */
export function unspelled(value: ExactJson): string {
  return canonical(withKeys(value));
}

function withKeys(value: ExactJson): ExactJson {
  if (value instanceof NumberText || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: ExactJson) => withKeys(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [keyOf(key), withKeys(item)]));
}

function keyOf(key: string): string {
  if (!/^[-[{\d]/u.test(key)) return key;
  try {
    return unspelled(readExact(key));
  } catch {
    return key;
  }
}
