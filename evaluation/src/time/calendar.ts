// The proleptic Gregorian calendar in integers: days ⇄ dates, and the civil time of an instant at an offset.

export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

export const nanosPerSecond = 1_000_000_000n;

/** Days since 1970-01-01; month and day may lie outside their ranges and are carried over. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const y = Math.floor(months / 12) - (mod(months, 12) < 2 ? 1 : 0);
  const m = mod(months, 12) + 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** As `daysFromCivil`, in Go's 64 bits: years, months and days of any size run over. */
export function daysRunOver(year: bigint, month: bigint, day: bigint): bigint {
  const months = month - 1n;
  const years = BigInt.asIntN(64, year + floorDiv(months, 12n));
  const from1970 = absoluteDays(years, Number(months - floorDiv(months, 12n) * 12n) + 1, day) - absoluteDays(1970n, 1, 1n);
  return BigInt.asIntN(64, from1970);
}

/** Years from a first one that is before all others and divisible by 400. */
function absoluteDays(year: bigint, month: number, day: bigint): bigint {
  const shifted = month < 3 ? month + 12 : month;
  const years = BigInt.asUintN(64, year - (month < 3 ? 1n : 0n) + 292_277_022_400n);
  const centuryDays = BigInt.asUintN(64, 146_097n * (years / 100n)) / 4n;
  const yearDays = Math.floor((1461 * Number(years % 100n)) / 4) + Math.floor((153 * shifted - 457) / 5);
  return centuryDays + BigInt(yearDays) + day - 1n;
}

function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Seconds since 1970 of a civil time in UTC; fields outside their ranges are carried over. */
export function secondsFromCivil(civil: Omit<Civil, "nanosecond">): number {
  return daysFromCivil(civil.year, civil.month, civil.day) * 86_400 + civil.hour * 3600 + civil.minute * 60 + civil.second;
}

/** The civil time of nanoseconds since 1970, `offset` seconds east of UTC. */
export function civilFromNanos(nanos: bigint, offset = 0): Civil {
  const seconds = Number(floorDiv(nanos, nanosPerSecond)) + offset;
  const nanosecond = Number(nanos - floorDiv(nanos, nanosPerSecond) * nanosPerSecond);
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  return {
    ...civilFromDays(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: rest % 60,
    nanosecond,
  };
}

/** 0 for Sunday. */
export function weekdayOfDays(days: number): number {
  return mod(days + 4, 7);
}

export function daysInMonth(year: number, month: number): number {
  return daysFromCivil(year, month + 1, 1) - daysFromCivil(year, month, 1);
}

export function dayOfYear(civil: Pick<Civil, "year" | "month" | "day">): number {
  return daysFromCivil(civil.year, civil.month, civil.day) - daysFromCivil(civil.year, 1, 1) + 1;
}

export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}
