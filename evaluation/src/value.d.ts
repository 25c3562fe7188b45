/** Bytes of a string that are no UTF-8 stand as lone low surrogates U+DC80…U+DCFF; no other lone surrogate can occur in a value. */
export type Value = null | boolean | string | RegoNumber | RegoArray | RegoObject | RegoSet;
export type RegoArray = readonly Value[];
/** A number is its text, as OPA keeps it: `1.0`, `1e2` and 30-digit integers stay what they are. */
export declare class RegoNumber {
  readonly text: string;
  constructor(text: string);
  static of(value: number | bigint): RegoNumber;
}
/** Members in Rego order, each once. */
export declare class RegoSet {
  readonly items: readonly Value[];
  private constructor();
  /** Of equal members the first spelling stays. */
  static of(items: Iterable<Value>): RegoSet;
  has(value: Value): boolean;
}
/** Entries in the order of their keys, each key once. */
export declare class RegoObject {
  readonly entries: readonly (readonly [Value, Value])[];
  private constructor();
  /** Of equal keys the first spelling and the last value stay. */
  static of(entries: Iterable<readonly [Value, Value]>): RegoObject;
  get(key: Value): Value | undefined;
}
export type TypeName = "null" | "boolean" | "number" | "string" | "array" | "object" | "set";
/** The type's name as `type_name` gives it. */
export declare function typeOf(value: Value): TypeName;
/** Rego's total order: negative, zero or positive. */
export declare function compareValues(a: Value, b: Value): number;
/** By UTF-8 bytes, which is the order of code points and not that of UTF-16 units. */
export declare function compareStrings(a: string, b: string): number;
