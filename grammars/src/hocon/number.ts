// Numbers as Java reads them: which texts are numbers, their value, and the text the reference prints.
import { isDigit } from "./characters.ts";

const LONG_MAX = 9223372036854775807n;
const LONG_MIN = -9223372036854775808n;
const DOUBLE = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** True when a token of number characters is a number: a 64-bit integer, or a double when it has a dot or an exponent. */
export function isNumberText(text: string): boolean {
  let index = text.charCodeAt(0) === 45 ? 1 : 0;
  const digits = index;
  while (index < text.length && isDigit(text.charCodeAt(index))) index++;
  if (index === text.length) return index > digits && (index - digits < 19 || fitsLong(text));
  return /[.eE]/.test(text) && DOUBLE.test(text);
}

function fitsLong(text: string): boolean {
  const value = BigInt(text);
  return value <= LONG_MAX && value >= LONG_MIN;
}

/** The text of a number in the reference's JSON: integers without zeros in front, doubles as Java prints them. */
export function canonicalNumber(text: string): string {
  const first = text.charCodeAt(0);
  if (text.length < 16 && first !== 45 && first !== 48 && !/[^0-9]/.test(text)) return text;
  if (!/[.eE]/.test(text)) return BigInt(text).toString();
  return canonicalDouble(Number(text));
}

/** The JSON text of a double: integral values that fit 64 bits are integers, all others have Java's form. */
export function canonicalDouble(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 63) {
    const integer = BigInt(value);
    return (integer > LONG_MAX ? LONG_MAX : integer).toString();
  }
  return javaDouble(value);
}

/** `Double.toString` of Java. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(size);
    return sign + (text.includes(".") ? text : `${text}.0`);
  }
  const [mantissa, exponent] = size.toExponential().split("e") as [string, string];
  return `${sign}${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${exponent.replace("+", "")}`;
}
