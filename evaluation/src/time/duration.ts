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
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
};

/** Texts with a day, a week or a year are read by another parser than Go's own, which wants this form first. */
const longForm = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[nu\u00b5m]s|[a-z]))+$/u;

/** Nanoseconds, or Go's sentence about the fault. */
export function parseDuration(text: string): { readonly nanos: bigint } | { readonly fault: string } {
  const invalid = { fault: `time: invalid duration ${quoteForTime(text)}` };
  if (/[dwy]/u.test(text) && !longForm.test(text)) return { fault: `time: invalid duration ${goQuote(text)}` };
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return { nanos: 0n };
  if (unsigned === "") return invalid;
  let rest = unsigned;
  let nanos = 0n;
  while (rest !== "") {
    const found = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest)!;
    const [all, whole = "", fraction = "", unit = ""] = found;
    if (whole === "" && fraction === "") return invalid;
    if (unit === "") return { fault: `time: missing unit in duration ${quoteForTime(text)}` };
    const scale = units[unit];
    if (scale === undefined) return { fault: `time: unknown unit ${quoteForTime(unit)} in duration ${quoteForTime(text)}` };
    nanos += BigInt(whole === "" ? "0" : whole) * scale;
    if (fraction !== "") nanos += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    if (nanos > 2n ** 63n) return invalid;
    rest = rest.slice(all.length);
  }
  if (text.startsWith("-")) return { nanos: -nanos };
  return nanos === 2n ** 63n ? invalid : { nanos };
}
