// YAML timestamps: which plain scalars are points in time, and how Go's JSON names them.

const date = /^(\d{4})-(\d{1,2})-(\d{1,2})/u;
const clock = /^(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?)$/u;

/** `2025-7-1` → `2025-07-01T00:00:00Z`, as RFC 3339 with the offset as written; undefined when the text is no time. */
export function timeText(text: string): string | undefined {
  const day = date.exec(text);
  if (day === null) return undefined;
  const rest = text.slice(day[0].length);
  const found = rest === "" ? [] : clock.exec(rest);
  if (found === null) return undefined;
  const [, year = "", month = "", dayOfMonth = ""] = day;
  const hour = found[1] ?? found[6] ?? "0";
  const minute = found[2] ?? found[7] ?? "0";
  const second = found[3] ?? found[8] ?? "0";
  if (!isDay(Number(year), Number(month), Number(dayOfMonth))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const fraction = (found[4] ?? found[9] ?? "").slice(0, 9).replace(/0+$/u, "");
  const offset = found[5] ?? "Z";
  const zone = /^[+-]00:00$/u.test(offset) ? "Z" : offset;
  const time = `${two(hour)}:${two(minute)}:${two(second)}${fraction === "" ? "" : `.${fraction}`}`;
  return `${year}-${two(month)}-${two(dayOfMonth)}T${time}${zone}`;
}

/** The instant that `!!timestamp` means, as RFC 3339 in UTC; beyond 64 bits of nanoseconds the text itself. */
export function namedTime(text: string): string | undefined {
  const time = timeText(text);
  if (time === undefined) return undefined;
  const [, whole = "", fraction = "", zone = ""] = /^([^.Z+]*?\d\d:\d\d:\d\d)(\.\d+)?(.*)$/u.exec(time) ?? [];
  const milliseconds = Date.parse(whole + zone);
  const nanoseconds = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(1).padEnd(9, "0"));
  if (nanoseconds < -(2n ** 63n) || nanoseconds >= 2n ** 63n) return text;
  return new Date(milliseconds).toISOString().replace(/\.000Z$/u, `${fraction}Z`);
}

function two(digits: string): string {
  return digits.padStart(2, "0");
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}
