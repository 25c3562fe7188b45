// Value words: how a Rego value is held in 64 bits.
//
//   bits 0..3    tag
//   null, true, false      constants below
//   integer                signed 60 bits in 4..63 (only canonical spellings: no point, no exponent, no -0)
//   other number           text slice: pointer << 32 | length << 4 | TAG_NUMBER (the source's spelling, kept)
//   string                 UTF-8 slice: pointer << 32 | length << 4 | TAG_STRING (not terminated, any alignment)
//   array, object, set     pointer << 32 | tag, to a header described in collection.ts
//
// Tags are in the order of OPA's total order of types. Two slices whose low 32 bits differ have another length or type.

export const UNDEFINED: u64 = 0;
export const TAG_NULL: u32 = 1;
export const TAG_BOOLEAN: u32 = 2;
export const TAG_INTEGER: u32 = 3;
export const TAG_NUMBER: u32 = 4;
export const TAG_STRING: u32 = 5;
export const TAG_ARRAY: u32 = 6;
export const TAG_OBJECT: u32 = 7;
export const TAG_SET: u32 = 8;

export const NULL: u64 = 1;
export const FALSE: u64 = 2;
export const TRUE: u64 = 0x12;
export const EMPTY_STRING: u64 = 5;

export const INTEGER_MIN: i64 = -(1 << 59);
export const INTEGER_MAX: i64 = (1 << 59) - 1;
/** Longest slice that a word can hold. */
export const SLICE_MAX: usize = (1 << 28) - 1;

@inline
export function tagOf(v: u64): u32 {
  return <u32>v & 15;
}

@inline
export function isInteger(v: u64): bool {
  return tagOf(v) == TAG_INTEGER;
}

/** Any number, inline or as text. */
@inline
export function isNumber(v: u64): bool {
  return tagOf(v) - TAG_INTEGER <= 1;
}

@inline
export function isString(v: u64): bool {
  return tagOf(v) == TAG_STRING;
}

@inline
export function isArray(v: u64): bool {
  return tagOf(v) == TAG_ARRAY;
}

@inline
export function isObject(v: u64): bool {
  return tagOf(v) == TAG_OBJECT;
}

@inline
export function isSet(v: u64): bool {
  return tagOf(v) == TAG_SET;
}

@inline
export function boolean(b: bool): u64 {
  return b ? TRUE : FALSE;
}

/** The word of an integer within 60 bits; `integer` in number.ts takes any i64. */
@inline
export function smallInteger(n: i64): u64 {
  return (<u64>n << 4) | TAG_INTEGER;
}

@inline
export function integerOf(v: u64): i64 {
  return <i64>v >> 4;
}

/** Where the bytes of a string or of a number's text begin, or the header of a collection. */
@inline
export function pointerOf(v: u64): usize {
  return <usize>(v >> 32);
}

/** Bytes of a string or of a number's text. */
@inline
export function lengthOf(v: u64): u32 {
  return <u32>v >> 4;
}

@inline
export function slice(pointer: usize, length: usize, tag: u32): u64 {
  return (<u64>pointer << 32) | (length << 4) | tag;
}

/** A string word on bytes that are already in memory and stay there: a view, nothing is copied. */
@inline
export function stringView(pointer: usize, length: usize): u64 {
  return slice(pointer, length, TAG_STRING);
}
