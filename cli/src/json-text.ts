// JSON as OPA prints it: two blanks of indentation, HTML characters escaped, numbers as they are.
import { type Json, NumberText, readJson } from "#bundles/canonical-json.ts";
import { inPortions } from "./portions.ts";

/** Pretty text of a JSON text or a plain value. */
export function prettyJson(value: Json): string {
  const pieces: string[] = [];
  write(value, "\n", (piece) => pieces.push(piece));
  return pieces.join("");
}

/** The same, given in portions: an explanation may be longer than a string can be. */
export function writePrettyJson(value: Json, out: (text: string) => void): void {
  const { add, end } = inPortions(out);
  write(value, "\n", add);
  end();
}

/** Piece by piece: joined at each level, a deep document would be copied as often as it is deep. */
function write(value: Json, newLine: string, out: (piece: string) => void): void {
  if (!(value instanceof Map || Array.isArray(value))) {
    out(compactJson(value));
    return;
  }
  const [open, close] = value instanceof Map ? "{}" : "[]";
  const inner = `${newLine}  `;
  let before = `${open}${inner}`;
  for (const [key, item] of value instanceof Map ? (value as ReadonlyMap<string, Json>) : (value as readonly Json[]).entries()) {
    out(typeof key === "string" ? `${before}${quoted(key)}: ` : before);
    write(item, inner, out);
    before = `,${inner}`;
  }
  const isEmpty = before.startsWith(open ?? "");
  out(isEmpty ? `${open}${close}` : `${newLine}${close}`);
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

/** Values that an evaluation made may nest deeper than what it was given. */
const deepestValue = 100_000;

/** JSON text that our own engine wrote: one that cannot be read is our fault, and no value. */
export function parseJson(text: string): Json {
  const read = readJson(text, deepestValue);
  if ("value" in read) return read.value;
  throw new Error(`the engine wrote JSON that cannot be read: ${read.fault} at ${read.offset}`);
}

function quoted(text: string): string {
  return goEscapes(JSON.stringify(text));
}

/** JSON text with the escapes of Go's encoder: what is no UTF-8 is the escape of a replacement character. */
export function goEscapes(json: string): string {
  const text = json.replace(/[<>&\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (!text.includes("\\ud")) return text;
  return text.replace(/\\(?:ud[89a-f][0-9a-f]{2}|.)/gu, (sequence) => (sequence.startsWith("\\ud") ? "\\ufffd" : sequence));
}
