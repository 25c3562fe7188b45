// The JSON of a bundle with a line for each value: archives hold it in one line, where nobody sees what changed. Numbers stay as they are written.
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { isSmall } from "./bounds.ts";

/** Anything but JSON, and JSON that is none or very long, as it is. */
export function indented(name: string, bytes: Uint8Array): Uint8Array {
  if (!/(?:\.json|\.manifest)$/u.test(name) || !isSmall(bytes)) return bytes;
  const read = readJson(new TextDecoder().decode(bytes), deepest);
  return "value" in read ? new TextEncoder().encode(indentedJson(read.value)) : bytes;
}

/** The text of a JSON file. */
export function indentedJson(value: Json): string {
  return `${lines(value, "")}\n`;
}

/** Deeper documents would be mostly indentation. */
const deepest = 200;

function lines(value: Json, indent: string): string {
  const inner = `${indent}  `;
  const between = (open: string, items: readonly string[], close: string): string =>
    items.length === 0 ? `${open}${close}` : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
  if (Array.isArray(value))
    return between(
      "[",
      (value as readonly Json[]).map((item) => lines(item, inner)),
      "]",
    );
  if (value instanceof Map)
    return between(
      "{",
      [...(value as ReadonlyMap<string, Json>)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => `${JSON.stringify(key)}: ${lines(item, inner)}`),
      "}",
    );
  return canonicalJson(value);
}
