// Merging: a value over an earlier one for the same path. Objects merge, anything else that is known hides what is below it, and what is
// not known yet waits in a merge of layers.
import {
  copyObject,
  emptyObject,
  isResolved,
  type MergeNode,
  type ObjectNode,
  rankFirst,
  setField,
  type Value,
} from "./value.ts";

/** True when nothing below `value` can show through. */
export function hidesBelow(value: Value): boolean {
  switch (value.kind) {
    case "object":
      return value.closed;
    case "array":
      return value.resolved;
    case "reference":
    case "concatenation":
      return false;
    case "merge":
      return hidesBelow(value.layers[0]!);
    default:
      return true;
  }
}

function layersOf(value: Value): readonly Value[] {
  if (value.kind !== "merge") return [value];
  return value.count === value.layers.length ? value.layers : value.layers.slice(0, value.count);
}

function waits(value: Value): boolean {
  return value.kind === "reference" || value.kind === "concatenation" || value.kind === "merge";
}

/** `top` over `below`; neither is changed. */
export function mergeOver(top: Value, below: Value): Value {
  if (hidesBelow(top)) return top;
  if (top.kind === "object" && !waits(below)) {
    if (below.kind === "object") return mergeObjects(top, below);
    if (isResolved(top)) return copyObject(top, { closed: true });
  }
  return mergeLayers([...layersOf(below), ...layersOf(top)]);
}

function mergeLayers(layers: Value[]): MergeNode {
  const { source, start, end } = layers.at(-1)!;
  return { kind: "merge", source, start, end, layers, count: layers.length };
}

function mergeObjects(top: ObjectNode, below: ObjectNode): ObjectNode {
  const merged = emptyObject(top);
  for (const [key, value] of below.fields) {
    const over = top.fields.get(key);
    setField(merged, key, over === undefined ? value : mergeOver(over, value));
  }
  for (const [key, value] of top.fields) if (!below.fields.has(key)) setField(merged, key, value);
  merged.closed = below.closed;
  rankFirst(merged, top.fields);
  return merged;
}

/** `top` over `below` where nobody else holds `below`: it may be changed, so that many small merges stay cheap. */
export function mergeInto(below: Value, top: Value): Value {
  if (hidesBelow(top)) return top;
  if (top.kind === "object" && below.kind === "object") {
    rankFirst(below, top.fields);
    for (const [key, value] of top.fields) putField(below, key, value);
    return below;
  }
  if (below.kind === "merge" && top.kind !== "merge") {
    below.layers.push(top);
    below.count++;
    return below;
  }
  return mergeOver(top, below);
}

/** Assigns `value` to `key` in an object under construction. */
export function putField(object: ObjectNode, key: string, value: Value): void {
  const old = object.fields.get(key);
  if (old === undefined) {
    setField(object, key, value);
    return;
  }
  const wasResolved = isResolved(old);
  const merged = mergeInto(old, value);
  // `old` may have been changed in place, so the count goes by what it was.
  if (!wasResolved) object.pending--;
  if (!isResolved(merged)) object.pending++;
  object.fields.set(key, merged);
}
