// Values → YAML text as OPA writes it: two spaces, sequences indented below their key, keys in natural order.
import { isBreak } from "#grammars/yaml/characters.ts";
import { resolvePlain } from "#grammars/yaml/resolve.ts";
import { RegoNumber, RegoObject, type Value } from "../value.ts";
import { floatText } from "./go-syntax.ts";
import { naturallyBefore } from "./natural-order.ts";
import { styleOf, writeScalar } from "./scalar-style.ts";

/** Longer keys, in bytes, are written behind a question mark. */
const longestKey = 128;

/** A JSON value (string keys, no sets) as one document. */
export function emitYaml(value: Value): string {
  return `${emitNode(value, 0, false)}\n`;
}

/** The text of a value that begins in the middle of a line; further lines are indented. */
function emitNode(value: Value, indent: number, inMapping: boolean): string {
  if (value instanceof RegoObject && value.entries.length > 0) return emitMapping(value, indent, inMapping);
  if (Array.isArray(value) && value.length > 0) return emitSequence(value as readonly Value[], indent, inMapping);
  if (value instanceof RegoObject) return "{}";
  if (Array.isArray(value)) return "[]";
  if (value instanceof RegoNumber) return numberText(value.text);
  return typeof value === "string" ? writeScalar(value, styleOf(value, false), indent) : String(value);
}

function startOf(indent: number): string {
  return `\n${" ".repeat(indent)}`;
}

function emitSequence(items: readonly Value[], indent: number, inMapping: boolean): string {
  const text = items.map((item) => `- ${emitNode(item, indent + 2, false)}`).join(startOf(indent));
  return inMapping ? startOf(indent) + text : text;
}

function emitMapping(value: RegoObject, indent: number, inMapping: boolean): string {
  const entries = [...value.entries] as [string, Value][];
  entries.sort(([a], [b]) => (naturallyBefore(a, b) ? -1 : naturallyBefore(b, a) ? 1 : 0));
  const lines = entries.map(([key, item]) => {
    const long = new TextEncoder().encode(key).length > longestKey || [...key].some(isBreak);
    if (long) return `? ${emitNode(key, indent + 2, false)}${startOf(indent)}: ${emitNode(item, indent + 2, false)}`;
    const inner = emitNode(item, indent + 2, true);
    return `${writeScalar(key, styleOf(key, true), indent)}:${inner.startsWith("\n") ? "" : " "}${inner}`;
  });
  const text = lines.join(startOf(indent));
  return inMapping ? startOf(indent) + text : text;
}

/** A number as YAML reads it: an integer of 64 bits, or a float with its shortest digits. */
function numberText(text: string): string {
  const resolved = resolvePlain(text);
  if (!("value" in resolved)) return text;
  return typeof resolved.value === "number" ? floatText(resolved.value) : String(resolved.value);
}
