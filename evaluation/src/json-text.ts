// JSON as Go's encoding/json reads and writes it: exact digits, last key wins, `<`, `>` and `&` escaped on output.
import { jsonNumberText } from "#grammars/text/json-number.ts";
import { jsonFault } from "./json-fault.ts";
import { readStrictJson } from "./json-reader.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "./value.ts";

export type JsonRead = { readonly value: Value } | { readonly fault: string };

/** One document; bytes and surrogates that are no text become U+FFFD. */
export function readJsonText(text: string): JsonRead {
  const clean = text.toWellFormed();
  try {
    return readStrictJson(clean) ?? { fault: jsonFault(text) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { fault: isJson(clean) ? "exceeded max depth" : jsonFault(text) };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Compact, keys sorted, sets as arrays; keys that are no strings as their JSON text. */
export function writeJsonText(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value);
  if (value instanceof RegoNumber) return jsonNumberText(value.text);
  if (value instanceof RegoSet) return writeItems(value.items);
  if (!(value instanceof RegoObject)) return writeItems(value);
  const { entries } = value.entries.every((entry) => typeof entry[0] === "string") ? value : withTextKeys(value);
  let text = "";
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]!;
    text += `${at === 0 ? "{" : ","}${quote(entry[0] as string)}:${writeJsonText(entry[1])}`;
  }
  return entries.length === 0 ? "{}" : `${text}}`;
}

function writeItems(items: readonly Value[]): string {
  let text = "[";
  for (const item of items) text += text.length > 1 ? `,${writeJsonText(item)}` : writeJsonText(item);
  return `${text}]`;
}

function withTextKeys({ entries }: RegoObject): RegoObject {
  return RegoObject.of(entries.map(([key, item]) => [typeof key === "string" ? key : writeJsonText(key), item] as const));
}

/** What stands for itself in a string. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/u;

function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
