// time.*: instants are nanoseconds since 1970, exact, within the years that fit 64 bits (1677 to 2262).

import { integerOf, plainInteger } from "../number.ts";
import {
  type Civil,
  civilFromNanos,
  daysFromCivil,
  daysInMonth,
  daysRunOver,
  floorDiv,
  nanosPerSecond,
  weekdayOfDays,
} from "../time/calendar.ts";
import { parseDuration } from "../time/duration.ts";
import { formatTime, namedLayouts, weekdayNames } from "../time/layout.ts";
import { parseTime } from "../time/parse-time.ts";
import { secondsIn, utc, type Zone, zoneOf } from "../time/zones.ts";
import { RegoNumber, type Value } from "../value.ts";
import { BuiltinFailure, type Family, failure, operand, operandError } from "./builtin.ts";

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

interface Instant {
  readonly nanos: bigint;
  readonly zone: Zone;
  readonly layout: string | undefined;
}

function inRange(nanos: bigint, message: string): bigint {
  if (nanos < least || nanos > most) throw failure(message);
  return nanos;
}

function integerOperand(args: readonly Value[], position: number): bigint {
  const text = operand(args, position, "number").text;
  const value = plainInteger(text);
  if (value === undefined || value < least || value > most)
    throw new BuiltinFailure("type", `operand ${position} must be integer number but got floating-point number`);
  return value;
}

/** `ns`, `[ns, zone]` or `[ns, zone, layout]`. OPA calls each operand the first one in what it says of it. */
function instant(value: Value): Instant {
  const parts = value instanceof RegoNumber ? [value] : Array.isArray(value) ? (value as readonly Value[]) : [];
  const [ns, zoneName, layout] = parts;
  if (ns === undefined) throw operandError(1, "either number (ns) or [number (ns), string (tz)]", value);
  if (!(ns instanceof RegoNumber)) throw operandError(1, "number", ns);
  if (zoneName !== undefined && typeof zoneName !== "string") throw operandError(1, "string", zoneName);
  const zone = zoneName === undefined ? utc : zoneOf(zoneName);
  if ("fault" in zone) throw failure(zone.fault);
  if (layout !== undefined && typeof layout !== "string") throw operandError(1, "string", layout);
  const nanos = integerOf(ns.text, 40);
  if (nanos === undefined || nanos < least || nanos > most) throw failure("timestamp too big");
  return { nanos, zone, layout: layout === "" ? undefined : layout };
}

const seconds = (nanos: bigint): number => Number(floorDiv(nanos, nanosPerSecond));
const civilOf = ({ nanos, zone }: Instant): Civil => civilFromNanos(nanos, zone(seconds(nanos)).offset);
const numbers = (...values: readonly number[]): readonly Value[] => values.map((value) => RegoNumber.of(value));

/** Years, months, days, hours, minutes and seconds between two instants, read in the first one's zone. */
function difference(a: Instant, b: Instant): readonly Value[] {
  const [early, late] = a.nanos <= b.nanos ? [a.nanos, b.nanos] : [b.nanos, a.nanos];
  const from = civilOf({ ...a, nanos: early });
  const to = civilOf({ ...a, nanos: late });
  let year = to.year - from.year;
  let month = to.month - from.month;
  let day = to.day - from.day;
  let hour = to.hour - from.hour;
  let minute = to.minute - from.minute;
  let second = to.second - from.second;
  if (second < 0) {
    second += 60;
    minute--;
  }
  if (minute < 0) {
    minute += 60;
    hour--;
  }
  if (hour < 0) {
    hour += 24;
    day--;
  }
  if (day < 0) {
    day += daysInMonth(from.year, from.month);
    month--;
  }
  if (month < 0) {
    month += 12;
    year--;
  }
  return numbers(year, month, day, hour, minute, second);
}

function parseWith(layout: string, value: string): Value {
  const outcome = parseTime(layout, value);
  if ("fault" in outcome) throw failure(outcome.fault);
  return RegoNumber.of(inRange(outcome.nanos, "time outside of valid range"));
}

export const time: Family = {
  "time.now_ns": (_args, { now }) => RegoNumber.of(now),

  "time.parse_rfc3339_ns": (args) => parseWith(namedLayouts["RFC3339"]!, operand(args, 1, "string")),

  "time.parse_ns": (args) => {
    const layout = operand(args, 1, "string");
    return parseWith(namedLayouts[layout] ?? layout, operand(args, 2, "string"));
  },

  "time.parse_duration_ns": (args) => {
    const outcome = parseDuration(operand(args, 1, "string"));
    if ("fault" in outcome) throw failure(outcome.fault);
    return RegoNumber.of(outcome.nanos);
  },

  "time.format": (args) => {
    const at = instant(args[0]!);
    const { offset, abbreviation } = at.zone(seconds(at.nanos));
    const layout = at.layout === undefined ? namedLayouts["RFC3339Nano"]! : (namedLayouts[at.layout] ?? at.layout);
    return formatTime(civilOf(at), offset, abbreviation, layout);
  },

  "time.date": (args) => {
    const civil = civilOf(instant(args[0]!));
    return numbers(civil.year, civil.month, civil.day);
  },

  "time.clock": (args) => {
    const civil = civilOf(instant(args[0]!));
    return numbers(civil.hour, civil.minute, civil.second);
  },

  "time.weekday": (args) => {
    const civil = civilOf(instant(args[0]!));
    return weekdayNames[weekdayOfDays(daysFromCivil(civil.year, civil.month, civil.day))]!;
  },

  "time.add_date": (args) => {
    const at = instant(args[0]!);
    const [years, months, days] = [2, 3, 4].map((position) => integerOperand(args, position)) as [bigint, bigint, bigint];
    const { year, month, day, hour, minute, second, nanosecond } = civilOf(at);
    const moved = daysRunOver(BigInt(year) + years, BigInt(month) + months, BigInt(day) + days);
    const local = BigInt.asIntN(64, moved * 86_400n + BigInt(hour * 3600 + minute * 60 + second));
    const nanos = secondsIn(at.zone, local) * nanosPerSecond + BigInt(nanosecond);
    return RegoNumber.of(inRange(nanos, "time outside of valid range"));
  },

  "time.diff": (args) => difference(instant(args[0]!), instant(args[1]!)),
};
