// What the type checker does with types: order, union, selection, keys and values. Follows the behaviour of OPA's v1/types.
import { compareJson, type JsonValue } from "./json-value.ts";
import {
  ANY,
  type AnyType,
  type ArrayType,
  BOOLEAN,
  type FunctionType,
  type Maybe,
  NULL,
  NUMBER,
  type ObjectType,
  STRING,
  type StaticProperty,
  type Type,
} from "./type.ts";

/** The type behind a recursive schema. */
export function unwrap(type: Maybe): Exclude<Type, { kind: "recursive" }> | undefined {
  let t = type;
  while (t !== undefined && t.kind === "recursive") t = t.type;
  return t;
}

const order: Readonly<Record<string, number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
  any: 7,
  function: 8,
};

function compareLists(a: readonly Maybe[], b: readonly Maybe[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const c = compareTypes(a[i], b[i]);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

function defined(a: unknown, b: unknown): number {
  return Number(a !== undefined) - Number(b !== undefined);
}

/** Total order over types; equal types give 0. */
export function compareTypes(a: Maybe, b: Maybe): number {
  if (a === b) return 0;
  const x = unwrap(a);
  const y = unwrap(b);
  if (x === y) return 0;
  const rank = (x === undefined ? -1 : order[x.kind]!) - (y === undefined ? -1 : order[y.kind]!);
  if (rank !== 0 || x === undefined || y === undefined) return rank;
  switch (x.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return 0;
    case "array": {
      const other = y as ArrayType;
      return defined(x.dynamic, other.dynamic) || compareTypes(x.dynamic, other.dynamic) || compareLists(x.static, other.static);
    }
    case "object": {
      const other = y as ObjectType;
      return (
        defined(x.dynamic, other.dynamic) ||
        compareTypes(x.dynamic?.key, other.dynamic?.key) ||
        compareTypes(x.dynamic?.value, other.dynamic?.value) ||
        compareProperties(x.static, other.static)
      );
    }
    case "set":
      return compareTypes(x.of, (y as typeof x).of);
    case "any":
      return compareLists(x.of, (y as AnyType).of);
    case "function": {
      const other = y as FunctionType;
      return (
        x.args.length - other.args.length ||
        compareLists(x.args, other.args) ||
        compareTypes(x.result, other.result) ||
        compareTypes(x.variadic, other.variadic)
      );
    }
  }
}

function compareProperties(a: readonly StaticProperty[], b: readonly StaticProperty[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const c = compareJson(a[i]!.key, b[i]!.key) || compareTypes(a[i]!.value, b[i]!.value);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

/** An object type; properties need no order. */
export function makeObject(properties: readonly StaticProperty[], dynamic: ObjectType["dynamic"]): ObjectType {
  const sorted = properties.length < 2 ? properties : [...properties].sort((a, b) => compareJson(a.key, b.key));
  return { kind: "object", static: sorted, dynamic };
}

/** True for the type of everything. */
export function isUnknown(type: Maybe): boolean {
  return type !== undefined && type.kind === "any" && type.of.length === 0;
}

function anyHas(any: AnyType, type: Type): boolean {
  if (unwrap(type)?.kind === "function") return false;
  return any.of.length === 0 || any.of.some((member) => compareTypes(member, type) === 0);
}

/** True when every value of `b` is one of `a`, as far as unions tell. */
function containsType(a: Maybe, b: Type): boolean {
  if (a !== undefined && a.kind === "any") return anyHas(a, b);
  return compareTypes(a, b) === 0;
}

function mergeAny(any: AnyType, other: Type): AnyType {
  if (other.kind === "any") {
    if (any.of.length === 0) return any;
    if (other.of.length === 0) return other;
    return other.of.reduce<AnyType>((all, member) => mergeAny(all, member), any);
  }
  if (anyHas(any, other)) return any;
  return { kind: "any", of: [...any.of, other].sort(compareTypes) };
}

/** The union of two types; an unknown one is left out. */
export function or(a: Maybe, b: Maybe): Maybe {
  if (a === undefined) return b;
  if (b === undefined) return a;
  if (a.kind === "function" && b.kind === "function") return orFunctions(a, b);
  if (a.kind === "function" || b.kind === "function") return undefined;
  if (a.kind === "any") return mergeAny(a, b);
  if (b.kind === "any") return mergeAny(b, a);
  if (compareTypes(a, b) === 0) return a;
  return { kind: "any", of: [a, b].sort(compareTypes) };
}

/** What functions with different arguments have in common: no type, yet unlike an unknown one it absorbs what is no function. */
const noFunction: FunctionType = { kind: "function", args: [], result: undefined, variadic: undefined };

function orFunctions(a: FunctionType, b: FunctionType): FunctionType {
  if (a === noFunction) return b;
  if (b === noFunction) return a;
  if (a.args.length !== b.args.length || (a.variadic === undefined) !== (b.variadic === undefined)) return noFunction;
  return {
    kind: "function",
    args: a.args.map((arg, i) => or(arg, b.args[i])),
    result: or(a.result, b.result),
    variadic: or(a.variadic, b.variadic),
  };
}

/** The type of a constant. */
export function typeOfJson(value: JsonValue): Type {
  if (value === null) return NULL;
  if (typeof value === "boolean") return BOOLEAN;
  if (typeof value === "string") return STRING;
  if ("number" in value) return NUMBER;
  if ("properties" in value) {
    return makeObject(
      value.properties.map(([key, item]) => ({ key, value: typeOfJson(item) })),
      undefined,
    );
  }
  return { kind: "array", static: value.map(typeOfJson), dynamic: undefined };
}

/** The type of the item at a position, undefined when there is none. */
export function selectItem(type: ArrayType, position: number): Maybe {
  if (!Number.isInteger(position) || position < 0) return undefined;
  return position < type.static.length ? type.static[position] : type.dynamic;
}

/** The type of the value below a constant key of an object type. */
export function selectProperty(type: ObjectType, key: JsonValue): Maybe {
  const property = type.static.find((candidate) => compareJson(candidate.key, key) === 0);
  if (property !== undefined) return property.value;
  if (type.dynamic !== undefined && containsType(type.dynamic.key, typeOfJson(key))) return type.dynamic.value;
  return undefined;
}

/** Positions are spelled as integers of 64 bits: `1e0` and `1.0` are none. */
function positionOf(text: string): number {
  const isPosition = /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
  return isPosition ? Number(text) : -1;
}

/** The type of what a constant key selects from a value of this type. */
export function selectType(type: Maybe, key: JsonValue): Maybe {
  const t = unwrap(type);
  switch (t?.kind) {
    case "array":
      return key !== null && typeof key === "object" && "number" in key ? selectItem(t, positionOf(key.number)) : undefined;
    case "object":
      return selectProperty(t, key);
    case "set": {
      const of = typeOfJson(key);
      if (compareTypes(t.of, of) === 0) return t.of;
      return t.of?.kind === "any" && anyHas(t.of, of) ? of : undefined;
    }
    case "any":
      if (t.of.length === 0) return ANY;
      return t.of.reduce<Maybe>((all, member) => or(selectType(member, key), all), undefined);
    default:
      return undefined;
  }
}

/** The type of the keys that enumerating gives: numbers for arrays, keys for objects, members for sets. */
export function keysOf(type: Maybe): Maybe {
  const t = unwrap(type);
  switch (t?.kind) {
    case "array":
      return NUMBER;
    case "object":
      return or(
        t.static.reduce<Maybe>((all, property) => or(all, typeOfJson(property.key)), undefined),
        t.dynamic?.key,
      );
    case "set":
      return t.of;
    case "any":
      if (t.of.length === 0) return ANY;
      return t.of.reduce<Maybe>((all, member) => or(keysOf(member), all), undefined);
    default:
      return undefined;
  }
}

/** The type of the values that enumerating gives. */
export function valuesOf(type: Maybe): Maybe {
  const values = unionOfValues(type);
  return values === noFunction ? undefined : values;
}

function unionOfValues(type: Maybe): Maybe {
  const t = unwrap(type);
  switch (t?.kind) {
    case "array":
      return or(
        t.static.reduce<Maybe>((all, item) => or(all, item), undefined),
        t.dynamic,
      );
    case "object":
      return or(
        t.static.reduce<Maybe>((all, property) => or(all, property.value), undefined),
        t.dynamic?.value,
      );
    case "set":
      return t.of;
    case "any":
      if (t.of.length === 0) return ANY;
      return t.of.reduce<Maybe>((all, member) => or(unionOfValues(member), all), undefined);
    default:
      return undefined;
  }
}

/** True when the type, or a part of it, is not known. */
export function hasUnknownPart(type: Maybe): boolean {
  const t = unwrap(type);
  switch (t?.kind) {
    case undefined:
      return true;
    case "array":
    case "object":
    case "set":
    case "function":
      return hasUnknownIn(t, new Set());
    default:
      return false;
  }
}

function hasUnknownIn(type: Maybe, seen: Set<Type>): boolean {
  const t = unwrap(type);
  if (t === undefined) return true;
  if (seen.has(t)) return false;
  switch (t.kind) {
    case "function":
      return t.args.some((arg) => hasUnknownIn(arg, seen)) || hasUnknownIn(t.result, seen);
    case "array":
      seen.add(t);
      return t.static.some((item) => hasUnknownIn(item, seen)) || (t.dynamic !== undefined && hasUnknownIn(t.dynamic, seen));
    case "object":
      seen.add(t);
      return (
        t.static.some((property) => hasUnknownIn(property.value, seen)) ||
        (t.dynamic !== undefined && (hasUnknownIn(t.dynamic.key, seen) || hasUnknownIn(t.dynamic.value, seen)))
      );
    case "set":
      return hasUnknownIn(t.of, seen);
    default:
      return false;
  }
}

/** True for the type of a collection that can hold nothing. */
export function isEmptyCollection(type: Maybe): boolean {
  const t = unwrap(type);
  if (t?.kind === "object") return t.static.length === 0 && t.dynamic === undefined;
  if (t?.kind === "array") return t.static.length === 0 && t.dynamic === undefined;
  return t?.kind === "set" && t.of === undefined;
}
