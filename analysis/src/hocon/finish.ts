// The last step: checks that every value can be JSON, and gives arrays and objects their final shape.
import { PlainObject } from "./plain.ts";
import type { Problems } from "./problems.ts";
import type { ConfigValue, ObjectNode, ObjectValue, Place, StringValue, Value } from "./value.ts";

/** Turns the resolved document into its public form. Values whose error is already reported are left out. `shared`: one text may stand at several places. */
export function finish(root: ObjectNode, problems: Problems, shared: boolean): ObjectValue {
  const seen = new Map<Value, ConfigValue>();
  const value = visit(root, problems, seen) as ObjectValue;
  if (shared && sizeOf(value, new Map()) > MAX_SIZE) problems.tooLarge(root);
  return value;
}

/** More characters than this are no document any more: values that share parts can stand for far more text than they hold. */
const MAX_SIZE = 2 ** 28;

/** About the length of the JSON text; shared parts are measured once. */
function sizeOf(value: ConfigValue, known: Map<ConfigValue, number>): number {
  if (value.kind === "string") return value.text.length + 3;
  if (value.kind !== "array" && value.kind !== "object") return 6;
  // What nobody looked into is about as long as its text.
  if (value instanceof PlainObject && value.isUnread) return value.end - value.start;
  let size = known.get(value);
  if (size !== undefined) return size;
  size = 2;
  if (value.kind === "array") for (const item of value.items) size += sizeOf(item, known);
  else for (const [key, field] of value.fields) size += key.length + 4 + sizeOf(field, known);
  known.set(value, size);
  return size;
}

const HALF = "half of a character (a lone surrogate) cannot be written as UTF-8, and so not in JSON: write both halves";

/** The escape of a lone surrogate in the text of a string; the whole string where it was put together of several. */
function escapeIn(value: StringValue): Place {
  const { source, start, end } = value;
  const text = source.parsed?.text.slice(start, end) ?? "";
  for (const { 0: found, index } of text.matchAll(/(?:\\u[0-9a-fA-F]{4})+/gu)) {
    const units = found.split("\\u").slice(1);
    for (let at = 0; at < units.length; at++) {
      const unit = Number.parseInt(units[at]!, 16);
      const next = Number.parseInt(units[at + 1] ?? "0", 16);
      const isPair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
      const from = start + index + at * 6;
      if (isPair) at++;
      else if (unit >= 0xd800 && unit < 0xe000) return { source, start: from, end: from + 6 };
    }
  }
  return value;
}

/** Values are shared between places; each one is checked once. */
function visit(value: Value, problems: Problems, seen: Map<Value, ConfigValue>): ConfigValue | undefined {
  switch (value.kind) {
    case "number":
      if (!Number.isFinite(Number(value.text))) {
        problems.notJson(value, `${value.text} is too large for a number: it would be infinite, which JSON cannot hold`);
      }
      return value;
    case "string":
      if (!value.text.isWellFormed()) problems.notJson(escapeIn(value), HALF);
      return value;
    case "boolean":
    case "null":
      return value;
    case "array": {
      const known = seen.get(value);
      if (known !== undefined) return known;
      let changed = value.count !== value.items.length;
      const items: ConfigValue[] = [];
      for (let index = 0; index < value.count; index++) {
        const item = value.items[index]!;
        const done = visit(item, problems, seen);
        changed ||= done !== item;
        if (done !== undefined) items.push(done);
      }
      const out = (changed ? { ...value, items, count: items.length } : value) as ConfigValue;
      seen.set(value, out);
      return out;
    }
    case "object": {
      if (value instanceof PlainObject && value.isUnread) return value as ConfigValue;
      if (seen.has(value)) return value as ConfigValue;
      seen.set(value, value as ConfigValue);
      for (const [key, field] of value.fields) {
        if (!key.isWellFormed()) problems.notJson(field, `the key ${JSON.stringify(key)} of this value: ${HALF}`);
        const done = visit(field, problems, seen);
        if (done === undefined) value.fields.delete(key);
        else if (done !== field) value.fields.set(key, done as Value);
      }
      return value as ConfigValue;
    }
    default:
      return undefined;
  }
}
