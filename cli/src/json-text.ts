// JSON as OPA prints it: two blanks of indentation, HTML characters escaped, numbers as they are.
import { type Json, NumberText, readJson } from "#bundles/canonical-json.ts";

/** Pretty text of a JSON text or a plain value. */
export function prettyJson(value: Json, indent = ""): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (value instanceof NumberText) return value.text;
  const inner = `${indent}  `;
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    return `{\n${[...(value as ReadonlyMap<string, Json>)].map(([key, item]) => `${inner}${quoted(key)}: ${prettyJson(item, inner)}`).join(",\n")}\n${indent}}`;
  }
  const items = value as readonly Json[];
  return items.length === 0 ? "[]" : `[\n${items.map((item) => `${inner}${prettyJson(item, inner)}`).join(",\n")}\n${indent}]`;
}

/** The same on one line. */
export function compactJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (value instanceof NumberText) return value.text;
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<string, Json>)].map(([key, item]) => `${quoted(key)}:${compactJson(item)}`);
    return `{${members.join(",")}}`;
  }
  return `[${(value as readonly Json[]).map(compactJson).join(",")}]`;
}

/** JSON text that our own engine wrote. */
export function parseJson(text: string): Json {
  const read = readJson(text);
  return "value" in read ? read.value : null;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
