// The argument that a verb formats: what kind of Go value OPA hands on for it, and that value taken apart.

import { textLiteral, textOpen, textString } from "../text";
import { TAG_INTEGER, isNumber, isString, lengthOf, pointerOf, stringView, tagOf } from "../word";
import { textRego } from "../json-write";
import { integerMagnitude, integerNegative } from "../numbers/integers";
import { bitLength, lowU64 } from "../numbers/magnitude";
import { toFloat64 } from "../numbers/float";

export const INT64: u32 = 0;
export const BIG: u32 = 1;
export const FLOAT: u32 = 2;
export const STRING: u32 = 3;

/** The kind that `classify` found, and the value: a text, the magnitude and sign of an integer, or a float. */
export let kind: u32 = 0;
export let argText: u64 = 0;
export let argMagnitude: usize = 0;
export let argNegative: bool = false;
export let argFloat: usize = 0;

/** Takes the value as the argument at hand. */
export function classify(v: u64): void {
  if (isString(v)) {
    kind = STRING;
    argText = v;
    return;
  }
  if (!isNumber(v)) {
    kind = STRING;
    const saved = textOpen();
    textRego(v);
    argText = textString(saved);
    return;
  }
  if (tagOf(v) != TAG_INTEGER && hasPointOrExponent(v)) {
    argFloat = toFloat64(v);
    kind = argFloat == 0 ? STRING : FLOAT;
    argText = stringView(pointerOf(v), lengthOf(v));
    return;
  }
  if (tagOf(v) != TAG_INTEGER && !isPlainInteger(v)) {
    kind = STRING;
    argText = stringView(pointerOf(v), lengthOf(v));
    return;
  }
  argMagnitude = integerMagnitude(v);
  argNegative = integerNegative;
  const bits = bitLength(argMagnitude);
  kind = bits < 64 || (argNegative && bits == 64 && lowU64(argMagnitude) == 1 << 63) ? INT64 : BIG;
}

function hasPointOrExponent(v: u64): bool {
  for (let p = pointerOf(v); p < pointerOf(v) + lengthOf(v); p++) {
    const c: u32 = load<u8>(p);
    if (c == 46 || (c | 32) == 101) return true;
  }
  return false;
}

// Go's readers of integers take digits and a sign alone, not `1_000` or `0x1p2`.
function isPlainInteger(v: u64): bool {
  const from = pointerOf(v);
  for (let p = from; p < from + lengthOf(v); p++) {
    const c: u32 = load<u8>(p);
    if (c - 48 > 9 && (p > from || (c != 43 && c != 45))) return false;
  }
  return true;
}

/** Appends the name of its Go type. */
export function textType(): void {
  if (kind == INT64) textLiteral("int64");
  else if (kind == BIG) textLiteral("*big.Int");
  else if (kind == FLOAT) textLiteral("float64");
  else textLiteral("string");
}
