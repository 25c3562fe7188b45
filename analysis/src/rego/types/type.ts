// The types of Rego's checker: scalars, collections with static and dynamic parts, unions, functions.
import type { JsonValue } from "./json-value.ts";

export type Type = ScalarType | ArrayType | ObjectType | SetType | AnyType | FunctionType | RecursiveType;

/** A type that may not be known (yet). */
export type Maybe = Type | undefined;

export interface ScalarType {
  readonly kind: "null" | "boolean" | "number" | "string";
}

export interface ArrayType {
  readonly kind: "array";
  /** Types of the first items. */
  readonly static: readonly Maybe[];
  /** Type of all further items. */
  readonly dynamic: Maybe;
}

export interface StaticProperty {
  readonly key: JsonValue;
  readonly value: Maybe;
}

export interface DynamicProperty {
  readonly key: Maybe;
  readonly value: Maybe;
}

export interface ObjectType {
  readonly kind: "object";
  /** Sorted by key. */
  readonly static: readonly StaticProperty[];
  readonly dynamic: DynamicProperty | undefined;
}

export interface SetType {
  readonly kind: "set";
  /** Undefined for the empty set. */
  readonly of: Maybe;
}

/** A union; without members it is the type of everything. */
export interface AnyType {
  readonly kind: "any";
  /** Sorted. */
  readonly of: readonly Type[];
}

export interface FunctionType {
  readonly kind: "function";
  readonly args: readonly Maybe[];
  readonly result: Maybe;
  readonly variadic: Maybe;
  /** Names of the arguments, then of the result, for builtins. */
  readonly names?: readonly (string | undefined)[];
}

/** A JSON schema that refers to itself; `type` is set once the schema is read. */
export interface RecursiveType {
  readonly kind: "recursive";
  readonly name: string;
  type: Maybe;
}

export const NULL: Type = { kind: "null" };
export const BOOLEAN: Type = { kind: "boolean" };
export const NUMBER: Type = { kind: "number" };
export const STRING: Type = { kind: "string" };
export const ANY: AnyType = { kind: "any", of: [] };

/** `array[T]` */
export function arrayOf(dynamic: Maybe): ArrayType {
  return { kind: "array", static: [], dynamic };
}

/** `array<T, U>`, or `array<T, U>[V]` with items of type V after the first ones. */
export function tuple(items: readonly Maybe[], dynamic?: Type): ArrayType {
  return { kind: "array", static: items, dynamic };
}

/** `set[T]` */
export function setOf(of: Maybe): SetType {
  return { kind: "set", of };
}

/** `object[K: V]` */
export function objectOf(key: Maybe, value: Maybe): ObjectType {
  return { kind: "object", static: [], dynamic: { key, value } };
}

/** `object<a: T>`, or `object<a: T>[K: V]` with further properties. */
export function record(properties: Readonly<Record<string, Type>>, dynamic?: DynamicProperty): ObjectType {
  const names = Object.keys(properties).sort((a, b) => (a < b ? -1 : 1));
  return { kind: "object", static: names.map((key) => ({ key, value: properties[key] })), dynamic };
}

/** `any<T, U>`; the table of builtins lists members in their sort order. */
export function union(...of: readonly Type[]): AnyType {
  return { kind: "any", of };
}
