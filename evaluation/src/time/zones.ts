// Time zones by Intl: the offset of a zone at an instant, and the instant of a civil time in a zone.
import { type Civil, nanosPerSecond, secondsFromCivil } from "./calendar.ts";

export interface Zone {
  readonly name: string;
  /** Seconds east of UTC at an instant given in seconds since 1970. */
  offsetAt(seconds: number): number;
  /** `UTC`, `CET`; the numeric offset where no abbreviation is known. */
  abbreviationAt(seconds: number): string;
}

export const utc: Zone = { name: "UTC", offsetAt: () => 0, abbreviationAt: () => "UTC" };

/** A zone that is a fixed offset, as parsed times have. */
export function fixedZone(offset: number, abbreviation: string): Zone {
  return { name: abbreviation, offsetAt: () => offset, abbreviationAt: () => abbreviation };
}

const known = new Map<string, Zone | undefined>();

/** The zone of an IANA name, `UTC` or the empty name; undefined for others. `Local` is UTC: a decision must not depend on the machine. */
export function zoneOf(name: string): Zone | undefined {
  if (name === "" || name === "UTC" || name === "Local") return utc;
  if (!known.has(name)) known.set(name, intlZone(name));
  return known.get(name);
}

function intlZone(name: string): Zone | undefined {
  // Intl takes offsets and any letter case; IANA names are exact.
  if (!/^[A-Z]/.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
  } catch {
    return undefined;
  }
  const short = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "short" });
  const british = new Intl.DateTimeFormat("en-GB", { timeZone: name, timeZoneName: "short" });
  const offsetAt = (seconds: number): number => {
    const parts = Object.fromEntries(format.formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
    const year = parts["era"]?.startsWith("B") === true ? 1 - Number(parts["year"]) : Number(parts["year"]);
    return (
      secondsFromCivil({
        year,
        month: Number(parts["month"]),
        day: Number(parts["day"]),
        hour: Number(parts["hour"]),
        minute: Number(parts["minute"]),
        second: Number(parts["second"]),
      }) - Math.floor(seconds)
    );
  };
  const zoneName = (format: Intl.DateTimeFormat, seconds: number): string =>
    format.formatToParts(seconds * 1000).find((part) => part.type === "timeZoneName")?.value ?? "";
  return {
    name,
    offsetAt,
    abbreviationAt: (seconds) => {
      const candidates = [zoneName(short, seconds), zoneName(british, seconds)];
      return candidates.find((text) => /^[A-Z]{2,5}$/.test(text)) ?? offsetText(offsetAt(seconds));
    },
  };
}

/** `+0530`, or `+05` for whole hours. */
function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60));
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${minutes % 60 === 0 ? "" : pad(minutes % 60)}`;
}

/** Nanoseconds since 1970 of a civil time in a zone; in a gap or overlap as Go's `time.Date` chooses. */
export function nanosFromCivil(civil: Civil, zone: Zone): bigint {
  const local = secondsFromCivil(civil);
  const first = zone.offsetAt(local);
  let seconds = local - first;
  const second = zone.offsetAt(seconds);
  if (second !== first) seconds = local - second;
  return BigInt(seconds) * nanosPerSecond + BigInt(civil.nanosecond);
}
