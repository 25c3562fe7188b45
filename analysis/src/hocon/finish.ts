// The last step: checks that every value can be JSON, and gives arrays and objects their final shape.
import { PlainObject } from "./plain.ts";
import type { Problems } from "./problems.ts";
import type { ConfigValue, ObjectNode, ObjectValue, Value } from "./value.ts";

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

/** Values are shared between places; each one is checked once. */
function visit(value: Value, problems: Problems, seen: Map<Value, ConfigValue>): ConfigValue | undefined {
  switch (value.kind) {
    case "number":
      if (!Number.isFinite(Number(value.text))) {
        problems.notJson(value, `${value.text} is too large for a number: it would be infinite, which JSON cannot hold`);
      }
      return value;
    case "string":
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
