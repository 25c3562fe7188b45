// Numbers in JSON schemas: integers, multiples, and how Go writes limits and compares constants.

import { writeJsonText } from "../../json-text.ts";
import { integerOf } from "../../number.ts";
import { RegoNumber, RegoObject, type Value } from "../../value.ts";

/** Go reads no fraction with a larger exponent. */
const largestExponent = 1_000_000;

export function isInteger(text: string): boolean {
  return integerOf(text, largestExponent) !== undefined;
}

/** A count as keywords such as minLength take it: plain digits that fit 64 bits. */
export function countOf(value: Value): number | undefined {
  if (!(value instanceof RegoNumber) || !/^-?[0-9]+$/u.test(value.text)) return undefined;
  const count = BigInt(value.text);
  return count === BigInt.asIntN(64, count) ? Number(count) : undefined;
}

export function readable(text: string): boolean {
  const exponent = /[eE]([+-]?[0-9]+)$/u.exec(text);
  return exponent === null || Math.abs(Number(exponent[1])) <= largestExponent;
}

/** Whether `text` is a whole multiple of the positive `step`. */
export function isMultiple(text: string, step: string): boolean {
  const a = fraction(text);
  const b = fraction(step);
  const shift = Math.min(a.exponent, b.exponent);
  const scaled = (part: { readonly digits: bigint; readonly exponent: number }): bigint =>
    part.digits * 10n ** BigInt(part.exponent - shift);
  return scaled(a) % scaled(b) === 0n;
}

function fraction(text: string): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa, exponent] = text.toLowerCase().split("e") as [string, string | undefined];
  const [whole, part = ""] = mantissa.split(".") as [string, string | undefined];
  return { digits: BigInt(whole.replace("-", "") + part), exponent: Number(exponent ?? 0) - part.length };
}

/** A limit as Go prints a big float: shortest digits, an exponent below 1e-4 and from 1e6 on. */
export function limitText(text: string): string {
  const { digits, exponent } = fraction(text);
  const sign = text.startsWith("-") && digits !== 0n ? "-" : "";
  const all = String(digits).replace(/0+$/u, "");
  if (all === "") return "0";
  const point = String(digits).length + exponent;
  if (point - 1 < -4 || point - 1 >= 6) {
    const power = Math.abs(point - 1);
    return `${sign}${all[0]}${all.length > 1 ? `.${all.slice(1)}` : ""}e${point < 1 ? "-" : "+"}${String(power).padStart(2, "0")}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, "0") : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

/** JSON text with every number as a double, so that 1 and 1.0 are the same; undefined when one is too large for that. */
export function constantText(value: Value): string | undefined {
  const plain = withDoubles(value);
  return plain === undefined ? undefined : writeJsonText(plain);
}

function withDoubles(value: Value): Value | undefined {
  if (value instanceof RegoNumber) {
    const double = Number(value.text);
    if (!Number.isFinite(double)) return undefined;
    return new RegoNumber(Object.is(double, -0) ? "-0" : String(double));
  }
  if (value instanceof RegoObject) {
    const entries: (readonly [Value, Value])[] = [];
    for (const [key, item] of value.entries) {
      const plain = withDoubles(item);
      if (plain === undefined) return undefined;
      entries.push([key, plain]);
    }
    return RegoObject.of(entries);
  }
  if (!Array.isArray(value)) return value;
  const items = (value as readonly Value[]).map(withDoubles);
  return items.includes(undefined) ? undefined : (items as Value[]);
}
