// HOCON values: what a resolved document is made of, and the three unresolved kinds that wait for a lookup.
import type { ParsedHocon } from "#grammars/hocon/parse.ts";

/** A file as one include statement (or the caller) brought it in. */
export interface Source {
  readonly file: string;
  /** Undefined for values that no text wrote: environment variables. */
  readonly parsed: ParsedHocon | undefined;
  /** The include that brought this file in; undefined for a document that the caller named. */
  readonly includedBy: { readonly source: Source; readonly start: number; readonly end: number } | undefined;
}

/** Where a value was written. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface StringValue extends Place {
  readonly kind: "string";
  readonly text: string;
  /** False for unquoted text, which vanishes next to an array or object. */
  readonly quoted: boolean;
}

export interface NumberValue extends Place {
  readonly kind: "number";
  /** As written; string concatenation keeps it. */
  readonly text: string;
}

export interface BooleanValue extends Place {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface NullValue extends Place {
  readonly kind: "null";
}

export interface ArrayValue extends Place {
  readonly kind: "array";
  readonly items: readonly ConfigValue[];
}

export interface ObjectValue extends Place {
  readonly kind: "object";
  /** In document order of first appearance. */
  readonly fields: ReadonlyMap<string, ConfigValue>;
}

/** A value without substitutions. */
export type ConfigValue = StringValue | NumberValue | BooleanValue | NullValue | ArrayValue | ObjectValue;

/** An array that may hold unresolved items. `count` items of `items` belong to it: appended arrays share their beginning. */
export interface ArrayNode extends Place {
  readonly kind: "array";
  readonly items: Value[];
  readonly count: number;
  readonly resolved: boolean;
}

/** An object that may hold unresolved fields. */
export interface ObjectNode extends Place {
  readonly kind: "object";
  readonly fields: Map<string, Value>;
  /** How many fields are unresolved. */
  pending: number;
  /** Something that is no object was overridden: nothing below merges into this object any more. */
  closed: boolean;
  /** Where objects were merged: the newer one's keys have smaller numbers, as the reference enters them first. */
  ranks: Map<string, number> | undefined;
  lowestRank: number;
}

/** `${path}`, already moved below the places of the includes around it. */
export interface ReferenceNode extends Place {
  readonly kind: "reference";
  readonly path: readonly string[];
  /** How many elements of `path` come from include places. */
  readonly prefix: number;
  readonly optional: boolean;
  readonly list: boolean;
}

export interface ConcatenationNode extends Place {
  readonly kind: "concatenation";
  readonly pieces: readonly Value[];
}

/** Assignments to one path that can only be merged once their substitutions are known: the first `count` of `layers`, lowest first. */
export interface MergeNode extends Place {
  readonly kind: "merge";
  readonly layers: Value[];
  count: number;
}

/** Stands for a value whose error is already reported. */
export interface FailedNode extends Place {
  readonly kind: "failed";
}

export type Scalar = StringValue | NumberValue | BooleanValue | NullValue;
export type Value = Scalar | ArrayNode | ObjectNode | ReferenceNode | ConcatenationNode | MergeNode | FailedNode;

export function isResolved(value: Value): boolean {
  switch (value.kind) {
    case "object":
      return value.pending === 0;
    case "array":
      return value.resolved;
    case "reference":
    case "concatenation":
    case "merge":
      return false;
    default:
      return true;
  }
}

/** An object without fields yet. */
export function emptyObject({ source, start, end }: Place): ObjectNode {
  return { kind: "object", source, start, end, fields: new Map(), pending: 0, closed: false, ranks: undefined, lowestRank: 0 };
}

/** The same object with another place, or closed; its fields are shared. */
export function copyObject(object: ObjectNode, changes: { source?: Source; start?: number; closed?: boolean }): ObjectNode {
  const { kind, fields, end, pending, ranks, lowestRank } = object;
  const { source = object.source, start = object.start, closed = object.closed } = changes;
  return { kind, source, start, end, fields, pending, closed, ranks, lowestRank };
}

/** Puts a field, keeping count of the unresolved ones. */
export function setField(object: ObjectNode, key: string, value: Value): void {
  const old = object.fields.get(key);
  if (old !== undefined && !isResolved(old)) object.pending--;
  if (!isResolved(value)) object.pending++;
  object.fields.set(key, value);
}

export function makeArray({ source, start, end }: Place, items: Value[]): ArrayNode {
  return { kind: "array", source, start, end, items, count: items.length, resolved: items.every(isResolved) };
}

/** Notes that the keys of `top` were entered before those that `object` had already. */
export function rankFirst(object: ObjectNode, top: ReadonlyMap<string, Value>): void {
  object.ranks ??= new Map();
  const { ranks } = object;
  object.lowestRank -= top.size;
  let rank = object.lowestRank;
  for (const key of top.keys()) ranks.set(key, rank++);
}
