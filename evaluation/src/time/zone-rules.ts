// What holds in a time zone behind its last known change: the rule that the IANA database gives it, in the words of POSIX
// (`CET-1CEST,M3.5.0,M10.5.0/3`), followed as Go's package time follows it.
import { civilFromNanos, daysFromCivil, daysInMonth, nanosPerSecond, weekdayOfDays } from "./calendar.ts";

/** What clocks show for a while: seconds east of UTC, and how that is called. */
export interface Span {
  readonly offset: number;
  readonly abbreviation: string;
}

/** Seconds of a year by its local clock at which something changes. */
type Turn = (year: number) => number;

const name = "(?:<([^>]+)>|([A-Za-z]+))";
const clock = "[-+]?\\d+(?::\\d+){0,2}";
const written = new RegExp(`^${name}(${clock})(?:${name}(${clock})?,([^,]+),([^,]+))?$`, "u");

/** The rule at an instant, in seconds since 1970. */
export function zoneRule(text: string): (seconds: number) => Span {
  const [, quoted, plain, offset = "0", quotedSummer, plainSummer, summerOffset, from, to] = written.exec(text) ?? [];
  const usual: Span = { offset: -secondsOf(offset), abbreviation: quoted ?? plain ?? "" };
  const abbreviation = quotedSummer ?? plainSummer;
  if (abbreviation === undefined || from === undefined || to === undefined) return () => usual;
  const summer: Span = {
    offset: summerOffset === undefined ? usual.offset + 3600 : -secondsOf(summerOffset),
    abbreviation,
  };
  const [begins, ends] = [turnOf(from), turnOf(to)];
  return (seconds) => {
    const { year } = civilFromNanos(BigInt(seconds) * nanosPerSecond);
    const within = seconds - daysFromCivil(year, 1, 1) * 86_400;
    const [start, end] = [begins(year) - usual.offset, ends(year) - summer.offset];
    return end < start ? (within < end || within >= start ? summer : usual) : within >= start && within < end ? summer : usual;
  };
}

function secondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/u, "").split(":").map(Number);
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

/** `M3.5.0/2`: the last Sunday of March at two; `J60`: the day of the year without leap days, from 1; `59`: with them, from 0. */
function turnOf(text: string): Turn {
  const [day = "", time = "2"] = text.split("/");
  const clock = secondsOf(time);
  if (!day.startsWith("M")) {
    const count = Number(day.replace("J", ""));
    return (year) =>
      (day.startsWith("J") ? count - 1 + (count >= 60 && daysInMonth(year, 2) === 29 ? 1 : 0) : count) * 86_400 + clock;
  }
  const [month = 1, week = 1, weekday = 0] = day.slice(1).split(".").map(Number);
  return (year) => {
    const first = daysFromCivil(year, month, 1);
    let day = (weekday - weekdayOfDays(first) + 7) % 7;
    for (let at = 1; at < week && day + 7 < daysInMonth(year, month); at++) day += 7;
    return (first + day - daysFromCivil(year, 1, 1)) * 86_400 + clock;
  };
}
