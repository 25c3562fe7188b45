// Concatenation: joining the pieces of one value. Objects merge, arrays append, everything else becomes a string.
import { hidesBelow, mergeOver } from "./merge.ts";
import { type ArrayNode, copyObject, makeArray, type ObjectNode, type Place, type StringValue, type Value } from "./value.ts";

export interface MixedPieces {
  readonly left: Value;
  readonly right: Value;
  /** They could, but the result would not fit into memory. */
  readonly tooLarge: boolean;
}

export interface Joined {
  /** What is left of the pieces; a single one when nothing waits for a substitution. */
  readonly pieces: readonly Value[];
  /** The first two pieces that cannot stand side by side. */
  readonly mixed: MixedPieces | undefined;
}

/** Joins neighbours as far as they are known. `place` is where the whole value stands. */
export function joinPieces(pieces: readonly Value[], place: Place): Joined {
  const out: Value[] = [];
  for (const piece of pieces) {
    const left = out.at(-1);
    if (left === undefined) {
      out.push(piece);
      continue;
    }
    const joined = joinTwo(left, piece, place);
    if (joined === "mixed" || joined === "tooLarge") {
      return { pieces: out, mixed: { left, right: piece, tooLarge: joined === "tooLarge" } };
    }
    if (joined === undefined) out.push(piece);
    else out[out.length - 1] = joined;
  }
  return { pieces: out, mixed: undefined };
}

/** Substitutions can double a value in every line; these bounds stop that long before the memory does. */
const MAX_TEXT = 1 << 27;
const MAX_ITEMS = 10_000_000;

function joinTwo(left: Value, right: Value, place: Place): Value | "mixed" | "tooLarge" | undefined {
  if (left.kind === "failed" || right.kind === "failed") return left.kind === "failed" ? left : right;
  let first = left;
  let second = right;
  if (first.kind === "object" && second.kind === "array") first = arrayFromIndexes(first);
  else if (first.kind === "array" && second.kind === "object") second = arrayFromIndexes(second);
  if (first.kind === "object" && second.kind === "object") return joinObjects(first, second);
  if (first.kind === "array" && second.kind === "array" && first.count + second.count > MAX_ITEMS) return "tooLarge";
  if (first.kind === "array" && second.kind === "array") return append(first, second, place);
  if ((first.kind === "array" || first.kind === "object") && second.kind === "string" && !second.quoted) return first;
  if (isWaiting(first) || isWaiting(second)) return undefined;
  const start = scalarText(first);
  const rest = scalarText(second);
  if (start === undefined || rest === undefined) return "mixed";
  if (start.length + rest.length > MAX_TEXT) return "tooLarge";
  const joined: StringValue = {
    kind: "string",
    source: left.source,
    start: left.start,
    end: left.source === place.source ? place.end : left.end,
    text: start + rest,
    quoted: true,
  };
  return joined;
}

/** The merged object starts where the left one does, unless that adds nothing. */
function joinObjects(left: ObjectNode, right: ObjectNode): Value {
  const merged = mergeOver(right, left);
  return merged.kind !== "object" || addsNothing(left, right)
    ? merged
    : copyObject(merged, { source: left.source, start: left.start });
}

function addsNothing(below: ObjectNode, top: ObjectNode): boolean {
  for (const [key, value] of below.fields) {
    const over = top.fields.get(key);
    if (over === undefined) return false;
    const hidden = hidesBelow(over) || (over.kind === "object" && value.kind === "object" && addsNothing(value, over));
    if (!hidden) return false;
  }
  return true;
}

function isWaiting(value: Value): boolean {
  return value.kind === "reference" || value.kind === "concatenation" || value.kind === "merge";
}

/** The text of a scalar in a string; undefined for arrays and objects. */
export function scalarText(value: Value): string | undefined {
  switch (value.kind) {
    case "string":
    case "number":
      return value.text;
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    default:
      return undefined;
  }
}

/** Appends, writing behind the shared beginning where `left` ends at the end of its storage. */
function append(left: ArrayNode, right: ArrayNode, place: Place): ArrayNode {
  const added = right.count === right.items.length ? right.items : right.items.slice(0, right.count);
  const grown = GROWABLE.has(left.items) && left.count === left.items.length ? left.items : left.items.slice(0, left.count);
  GROWABLE.add(grown);
  for (const item of added === grown ? [...added] : added) grown.push(item);
  const { source, start, end } = place;
  return { kind: "array", source, start, end, items: grown, count: grown.length, resolved: left.resolved && right.resolved };
}

/** Storage that this module made, and so may write behind. */
const GROWABLE = new WeakSet<Value[]>();

const INDEX = /^[+-]?\p{Nd}{1,10}$/u;

/** An object with keys that are indexes, as the array they describe; the object itself when it has none. */
export function arrayFromIndexes(object: ObjectNode): ObjectNode | ArrayNode {
  const found: { index: number; value: Value }[] = [];
  for (const [key, value] of object.fields) {
    const index = parseIndex(key);
    if (index !== undefined) found.push({ index, value });
  }
  if (found.length === 0) return object;
  found.sort((a, b) => a.index - b.index);
  return makeArray(
    object,
    found.map(({ value }) => value),
  );
}

/** A key that Java's `Integer.parseInt` accepts and that is not negative. Digits of any script count. */
export function parseIndex(key: string): number | undefined {
  if (!INDEX.test(key)) return undefined;
  const value = Number(key.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit))));
  return value >= 0 && value <= 2147483647 ? value : undefined;
}

/** Decimal digits come in runs of ten code points, so the start of the run is the zero. */
export function digitValue(digit: string): number {
  const code = digit.codePointAt(0)!;
  if (code < 128) return code - 48;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}
