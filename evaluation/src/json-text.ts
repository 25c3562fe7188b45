// JSON as Go's encoding/json reads and writes it: exact digits, last key wins, `<`, `>` and `&` escaped on output.
import { jsonFault } from "./json-fault.ts";
import { readRegoText } from "./rego-text.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";

export type JsonRead = { readonly value: Value } | { readonly fault: string };

/** One document; bytes and surrogates that are no text become U+FFFD. */
export function readJsonText(text: string): JsonRead {
  const clean = text.replace(/\p{Surrogate}/gu, "\ufffd");
  try {
    JSON.parse(clean);
  } catch {
    return { fault: jsonFault(clean) };
  }
  const whole = clean.replace(
    /\\(?:u([dD][89abAB][0-9a-fA-F]{2})(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|u[dD][c-fC-F][0-9a-fA-F]{2}|.)/gsu,
    (all, high: string | undefined, low: string | undefined) =>
      (high !== undefined && low === undefined) || /^\\u[dD][c-fC-F]/u.test(all) ? "\ufffd" : all,
  );
  try {
    return { value: readRegoText(whole) };
  } catch (error) {
    if (error instanceof RangeError) return { fault: "exceeded max depth" };
    throw error;
  }
}

/** Compact, keys sorted, sets as arrays; keys that are no strings as their JSON text. */
export function writeJsonText(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value);
  if (value instanceof RegoNumber) return value.text;
  if (value instanceof RegoSet) return `[${value.items.map(writeJsonText).join(",")}]`;
  if (!(value instanceof RegoObject)) return `[${value.map(writeJsonText).join(",")}]`;
  const entries = value.entries.map(([key, item]) => [typeof key === "string" ? key : writeJsonText(key), item] as const);
  const sorted = RegoObject.of(entries).entries;
  return `{${sorted.map(([key, item]) => `${quote(key as string)}:${writeJsonText(item)}`).join(",")}}`;
}

function quote(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /[<>&\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
