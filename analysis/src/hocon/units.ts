// Durations, periods and sizes: how a typed read understands a number with a unit. Units and roundings are the reference's.

export type UnitKind = "duration" | "period" | "size";

/** A reading, or the reason why there is none. */
export type Reading<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

const LONG_MAX = 9223372036854775807n;
const LONG_MIN = -9223372036854775808n;
const INTEGER = /^[+-]?[0-9]+$/;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?$/;

const NANOS: Readonly<Record<string, bigint>> = {
  "": 1_000_000n,
  ms: 1_000_000n,
  millis: 1_000_000n,
  milliseconds: 1_000_000n,
  us: 1000n,
  micros: 1000n,
  microseconds: 1000n,
  ns: 1n,
  nanos: 1n,
  nanoseconds: 1n,
  s: 1_000_000_000n,
  seconds: 1_000_000_000n,
  m: 60_000_000_000n,
  minutes: 60_000_000_000n,
  h: 3_600_000_000_000n,
  hours: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  days: 86_400_000_000_000n,
};

interface Measure {
  readonly number: string;
  readonly unit: string;
}

/** Blanks as Java's `Character.isWhitespace` and the no-break spaces see them. */
const OUTER_BLANKS = /^[\s\u001c-\u001f\u00a0\u2007\u202f\ufeff]+|[\s\u001c-\u001f\u00a0\u2007\u202f\ufeff]+$/g;

function split(text: string): Measure {
  const trimmed = text.replace(OUTER_BLANKS, "");
  const unit = /\p{L}*$/u.exec(trimmed)![0];
  return { number: trimmed.slice(0, trimmed.length - unit.length).replace(OUTER_BLANKS, ""), unit };
}

/** Long names may lack their plural: `5 minute`. */
function plural(unit: string): string {
  return unit.length > 2 && !unit.endsWith("s") ? `${unit}s` : unit;
}

/** A duration in nanoseconds. A bare number is milliseconds; what overflows 64 bits saturates. */
export function readDuration(text: string): Reading<bigint> {
  const { number, unit } = split(text);
  if (number === "") return { problem: "a duration needs a number" };
  const nanos = NANOS[plural(unit)];
  if (nanos === undefined) return { problem: `\`${unit}\` is no unit of time: use ns, us, ms, s, m, h or d` };
  if (INTEGER.test(number)) {
    const count = BigInt(number.replace("+", ""));
    if (count > LONG_MAX || count < LONG_MIN) return { problem: `${number} is too large for a duration` };
    return { value: saturate(count * nanos) };
  }
  if (!DECIMAL.test(number)) return { problem: `\`${number}\` is no number` };
  return { value: truncate(Number(number.replace(/[dDfF]$/, "")) * Number(nanos)) };
}

function saturate(value: bigint): bigint {
  return value > LONG_MAX ? LONG_MAX : value < LONG_MIN ? LONG_MIN : value;
}

function truncate(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  return Number.isFinite(value) ? saturate(BigInt(Math.trunc(value))) : value > 0 ? LONG_MAX : LONG_MIN;
}

const PERIOD_UNITS: Readonly<Record<string, readonly [letter: "D" | "M" | "Y", days: number]>> = {
  "": ["D", 1],
  d: ["D", 1],
  days: ["D", 1],
  w: ["D", 7],
  weeks: ["D", 7],
  m: ["M", 1],
  mo: ["M", 1],
  months: ["M", 1],
  y: ["Y", 1],
  years: ["Y", 1],
};

/** A period as ISO text (`P14D`). A bare number is days. */
export function readPeriod(text: string): Reading<string> {
  const { number, unit } = split(text);
  if (number === "") return { problem: "a period needs a number" };
  const known = PERIOD_UNITS[plural(unit)];
  if (known === undefined) return { problem: `\`${unit}\` is no unit of a period: use d, w, m, mo or y` };
  const [letter, factor] = known;
  if (!INTEGER.test(number)) return { problem: `\`${number}\` is no whole number` };
  const count = Number(number) * factor;
  if (count > 2147483647 || count < -2147483648) return { problem: `${number} is too large for a period` };
  return { value: count === 0 ? "P0D" : `P${count}${letter}` };
}

const DECIMAL_PREFIXES = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
const BINARY_PREFIXES = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];

const BYTES = sizeUnits();

function sizeUnits(): ReadonlyMap<string, bigint> {
  const units = new Map<string, bigint>();
  for (const name of ["", "b", "B", "byte", "bytes"]) units.set(name, 1n);
  for (const [index, prefix] of DECIMAL_PREFIXES.entries()) {
    const size = 1000n ** BigInt(index + 1);
    const letter = index === 0 ? "k" : prefix[0]!.toUpperCase();
    for (const name of [`${prefix}byte`, `${prefix}bytes`, `${letter}B`]) units.set(name, size);
  }
  for (const [index, prefix] of BINARY_PREFIXES.entries()) {
    const size = 1024n ** BigInt(index + 1);
    const letter = prefix[0]!.toUpperCase();
    for (const name of [`${prefix}byte`, `${prefix}bytes`, prefix[0]!, letter, `${letter}i`, `${letter}iB`])
      units.set(name, size);
  }
  return units;
}

/** A size in bytes. `K`, `k`, `Ki`, `KiB` are powers of 1024, `kB`, `MB` powers of 1000; fractions are cut off. */
export function readSize(text: string): Reading<bigint> {
  const { number, unit } = split(text);
  if (number === "") return { problem: "a size needs a number" };
  const bytes = BYTES.get(unit);
  if (bytes === undefined) return { problem: `\`${unit}\` is no unit of size: use B, kB, MB, K, M, Ki, MiB, …` };
  if (/^[0-9]+$/.test(number)) return { value: BigInt(number) * bytes };
  const exact = /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/.exec(number);
  if (exact === null || (exact[2] === "" && exact[3] === "")) return { problem: `\`${number}\` is no number` };
  const [, sign, whole, fraction, exponent = "0"] = exact as unknown as [string, string, string, string, string?];
  const scale = Number(exponent) - fraction.length;
  if (Math.abs(scale) > 1000) return { problem: `\`${number}\` is out of range` };
  const digits = BigInt(whole + fraction) * bytes;
  const value = scale >= 0 ? digits * 10n ** BigInt(scale) : digits / 10n ** BigInt(-scale);
  return sign === "-" && value !== 0n ? { problem: "a size cannot be negative" } : { value };
}

/** A duration or size in plain words, for hovers: `1 hour 30 minutes`, `1.5 MiB (1572864 bytes)`. */
export function describeDuration(nanos: bigint): string {
  const parts: string[] = [];
  let rest = nanos < 0n ? -nanos : nanos;
  for (const [name, size] of [
    ["day", NANOS["d"]!],
    ["hour", NANOS["h"]!],
    ["minute", NANOS["m"]!],
    ["second", NANOS["s"]!],
    ["millisecond", NANOS["ms"]!],
    ["microsecond", NANOS["us"]!],
    ["nanosecond", 1n],
  ] as const) {
    const count = rest / size;
    rest %= size;
    if (count > 0n) parts.push(`${count} ${name}${count === 1n ? "" : "s"}`);
  }
  return (nanos < 0n ? "minus " : "") + (parts.length === 0 ? "0 seconds" : parts.join(" "));
}

export function describeSize(bytes: bigint): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let power = 0;
  while (power < units.length - 1 && bytes >= 1024n ** BigInt(power + 1)) power++;
  if (power === 0) return `${bytes} bytes`;
  const size = Number((bytes * 1000n) / 1024n ** BigInt(power)) / 1000;
  return `${size} ${units[power]} (${bytes} bytes)`;
}
