// Durations in Go's text form, with OPA's days, weeks and years: `1h30m`, `1d12h`, `-1.5s`.

import { goQuote } from "#grammars/text/go-quote.ts";
import { quoteForTime } from "./quote.ts";

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Days, weeks and years are read as hours, in Go's floats. */
const hours: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 };

/** Texts with a day, a week or a year are read by another parser than Go's own, which wants this form first. */
const longForm = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[nu\u00b5m]s|[a-z]))+$/u;

const most = 2n ** 63n;

/** A part of a unit as Go has it: of digits that fit into 63 bits, as a float. */
function partOf(fraction: string, unit: bigint): bigint {
  let digits = fraction.slice(0, 19);
  if (BigInt(digits) > most) digits = digits.slice(0, -1);
  return BigInt(Math.trunc(Number(digits) * (Number(unit) / 10 ** digits.length)));
}

/** A number without an exponent; of those that are too much for hours, any. */
function digitsOf(value: number): string {
  if (value >= 1e21) return "9".repeat(21);
  return value < 1e-6 ? value.toFixed(20) : String(value);
}

/** Nanoseconds, or Go's sentence about the fault. */
export function parseDuration(text: string): { readonly nanos: bigint } | { readonly fault: string } {
  const invalid = { fault: `time: invalid duration ${quoteForTime(text)}` };
  if (/[dwy]/u.test(text) && !longForm.test(text)) return { fault: `time: invalid duration ${goQuote(text)}` };
  const unsigned = text
    .replace(/^[-+]/, "")
    .replace(/([0-9.]+)([dwy])/gu, (_, count: string, unit: string) => `${digitsOf(Number(count) * hours[unit]!)}h`);
  if (unsigned === "0") return { nanos: 0n };
  if (unsigned === "") return invalid;
  let rest = unsigned;
  let nanos = 0n;
  while (rest !== "") {
    const found = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest)!;
    const [all, whole = "", fraction = "", unit = ""] = found;
    if (whole === "" && fraction === "") return invalid;
    if (BigInt(whole) > most) return invalid;
    if (unit === "") return { fault: `time: missing unit in duration ${quoteForTime(text)}` };
    const scale = units[unit];
    if (scale === undefined) return { fault: `time: unknown unit ${quoteForTime(unit)} in duration ${quoteForTime(text)}` };
    nanos += BigInt(whole) * scale + partOf(fraction, scale);
    if (nanos > most) return invalid;
    rest = rest.slice(all.length);
  }
  if (text.startsWith("-")) return { nanos: -nanos };
  return nanos === most ? invalid : { nanos };
}
