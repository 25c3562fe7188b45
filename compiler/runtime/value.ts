// What native builtins import: everything there is to make and look at values.
//
// A value is one u64 (word.ts). 0 is UNDEFINED. Values are immutable once another value or a variable holds them: build
// an array, object or set, then share it. Memory comes from an arena (`alloc`) that is dropped after the decision; nothing
// is freed. Strings are slices of UTF-8 bytes without terminator (a substring is a view: `stringView(pointer, length)`).
// Reads may step up to 16 bytes past a text.
//
// A native builtin is `export function builtin_<name with dots as _>(a: u64, b: u64, ...): u64` in builtins/<family>.ts;
// the build finds it by that name, there is no list. It gets values only (never UNDEFINED) of *any* type: check with
// `isString(a)` and the like. It gives the result, or `builtinError("text")` / `typeError("operand 1 must be string but got
// number")`, which note the error on a side channel and give UNDEFINED; for texts with variable parts write them between
// `textOpen()` and `closeError(kind, saved)`. Void builtins give TRUE.
//
//   strings   isString, pointerOf, lengthOf (bytes), stringView (no copy), stringCopy; text.ts builds them:
//             const saved = textOpen(); textBytes(p, n); textByte(44); textCodePoint(c); return textString(saved);
//             utf8.ts: decodeAt + decodedWidth, countCodePoints; bytes.ts: compareBytes, sameBytes, stringIs(v, "literal")
//   numbers   isInteger/integerOf (inline, 60 bits); isNumber (any); otherwise the text is pointerOf/lengthOf.
//             integer(i64) makes one; numberFromText(p, n) from any valid decimal text (canonical small integers become
//             inline); integralValue(v) + lastIntegral reads any spelling; compareNumbers
//   arrays    makeArray(capacity), arrayAppend, countOf, arrayAt(v, i), arraySet (fresh ones only)
//   sets      makeSet(), setAdd, setHas, countOf; in order: sortedItems(v) first, then setAt(v, i)
//   objects   makeObject(), objectPut, objectGet (UNDEFINED if missing), countOf; in order: sortedItems(v), then keyAt, valueAt
//   any       tagOf, equal, compare, hash, lookup(v, key) = v[key], boolean(b), TRUE, FALSE, NULL
//   text forms  json-write.ts: textRego(v) appends Rego text (as topdown prints it), textJson(v) JSON, textQuoted a Go literal
//   reading     json-read.ts: parseJson(p, n) gives a word or UNDEFINED
//
// Comparing, sorting and adding to sets keep equal numbers equal whatever their spelling. Don't use AssemblyScript's own
// strings (other than literals handed to the functions here), arrays or `new`: they bring a second heap.

export * from "./word";
export { alloc, release, heap_ptr, copyBytes, abortWith } from "./memory";
export { sameBytes, compareBytes, hashBytes, mix, stringIs } from "./bytes";
export { decodeAt, decodedWidth, countCodePoints } from "./utf8";
export {
  textOpen, textRoom, textAdvance, textByte, textBytes, textSlice, textLiteral, textCodePoint, writeCodePoint, textLength,
  textStart, textTruncate, textClose, textString,
} from "./text";
export { integer, writeInteger, numberView, numberFromText, compareNumbers, integralValue, lastIntegral } from "./number";
export {
  makeArray, arrayAppend, arrayAt, arraySet, makeObject, objectPut, objectPutNew, objectGet, keyAt, valueAt, makeSet, setAdd,
  setAddNew, setHas, setGet, setAt, countOf, strideOf, sortedItems, lookup, closeArray, closeKeys,
} from "./collection";
export { compare, equal, hash } from "./compare";
export { sortItems } from "./sort";
export { textJson, textRego, textQuoted } from "./json-write";
export { parseJson, parseRego, parsedEnd, scanNumber } from "./json-read";
export { builtinError, typeError, closeError, BUILTIN_ERROR, TYPE_ERROR, HALT_ERROR } from "./failure";

import { alloc, copyBytes } from "./memory";
import { slice, TAG_STRING } from "./word";

/** A string value on a copy of the bytes. */
export function stringCopy(pointer: usize, length: usize): u64 {
  const p = alloc(length);
  copyBytes(p, pointer, length);
  return slice(p, length, TAG_STRING);
}
