// Times read by a layout as Go's time.Parse reads them, with its sentences about what is wrong. Texts are read byte by byte, as in Go.
import { daysFromCivil, daysInMonth, nanosPerSecond, secondsFromCivil } from "./calendar.ts";
import { monthNames, type Piece, splitLayout, weekdayNames } from "./layout.ts";
import { bytesOf, quoteBytes } from "./quote.ts";

type Parsed = { readonly nanos: bigint } | { readonly fault: string };

/** What a text says in a layout: nanoseconds since 1970, or Go's sentence about the fault. */
export function parseTime(layout: string, value: string): Parsed {
  return new TimeReader(bytesOf(layout), bytesOf(value)).read();
}

/** What stands there is not what the layout says. */
const SYNTAX = Symbol("syntax");

class TimeReader {
  private rest: string;
  private readonly layout: string;
  private readonly value: string;
  private year = 0;
  private month: number | undefined;
  private day: number | undefined;
  private yearDay: number | undefined;
  private hour = 0;
  private minute = 0;
  private second = 0;
  private nanosecond = 0;
  private afternoon = false;
  private forenoon = false;
  /** Seconds east of UTC. */
  private offset = 0;
  /** A `Z` or `UTC`: offsets that the text has, too, do not count. */
  private isUtc = false;

  constructor(layout: string, value: string) {
    this.layout = layout;
    this.value = value;
    this.rest = value;
  }

  read(): Parsed {
    const pieces = splitLayout(this.layout);
    for (const [at, piece] of pieces.entries()) {
      const before = this.rest;
      if (!piece.element) {
        if (!this.skip(piece.text)) return this.mismatch(this.rest, piece.text);
        continue;
      }
      const fault = this.element(piece.text, pieces.slice(at + 1));
      if (fault === SYNTAX) return this.mismatch(before, piece.text);
      if (fault !== undefined) return this.wrong(`${fault} out of range`);
    }
    if (this.rest !== "") return this.wrong(`extra text: ${quoteBytes(this.rest)}`);
    return this.finish();
  }

  /** Reads what a layout says word for word; a blank stands for any number of them, and for the end. False when it is not there. */
  private skip(text: string): boolean {
    for (const [part] of text.matchAll(/ +|[^ ]/gsu)) {
      if (part.startsWith(" ")) {
        if (this.rest !== "" && !this.rest.startsWith(" ")) return false;
        this.rest = this.rest.replace(/^ +/u, "");
      } else if (this.rest.startsWith(part)) this.rest = this.rest.slice(part.length);
      else return false;
    }
    return true;
  }

  private mismatch(rest: string, element: string): Parsed {
    const [value, layout] = [quoteBytes(this.value), quoteBytes(this.layout)];
    return { fault: `parsing time ${value} as ${layout}: cannot parse ${quoteBytes(rest)} as ${quoteBytes(element)}` };
  }

  private wrong(what: string): Parsed {
    return { fault: `parsing time ${quoteBytes(this.value)}: ${what}` };
  }

  /** Takes what the pattern finds at the start; undefined when it finds nothing. */
  private take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0];
    if (found !== undefined) this.rest = this.rest.slice(found.length);
    return found;
  }

  /** One digit or two; two where the layout has a zero before it. */
  private short(fixed: boolean): number | undefined {
    const found = this.take(fixed ? /^[0-9]{2}/u : /^[0-9]{1,2}/u);
    return found === undefined ? undefined : Number(found);
  }

  /** Nothing, or what is out of range. */
  private element(element: string, behind: readonly Piece[]): typeof SYNTAX | string | undefined {
    switch (element) {
      case "2006":
      case "06":
        return this.readYear(element === "2006");
      case "01":
      case "1":
        this.month = this.short(element === "01");
        return this.month === undefined ? SYNTAX : this.month < 1 || this.month > 12 ? "month" : undefined;
      case "January":
      case "Jan": {
        const at = this.name(monthNames, element === "Jan");
        this.month = at + 1;
        return at < 0 ? SYNTAX : undefined;
      }
      case "Monday":
      case "Mon":
        return this.name(weekdayNames, element === "Mon") < 0 ? SYNTAX : undefined;
      case "02":
      case "_2":
      case "2":
        if (element === "_2") this.take(/^ /u);
        this.day = this.short(element === "02");
        return this.day === undefined ? SYNTAX : undefined;
      case "002":
      case "__2": {
        if (element === "__2") this.take(/^ {1,2}/u);
        const found = this.take(element === "002" ? /^[0-9]{3}/u : /^[0-9]{1,3}/u);
        this.yearDay = Number(found);
        return found === undefined ? SYNTAX : undefined;
      }
      case "15":
      case "03":
      case "3": {
        const hour = this.short(element === "03");
        this.hour = hour ?? 0;
        return hour === undefined ? SYNTAX : hour > (element === "15" ? 23 : 12) ? "hour" : undefined;
      }
      case "04":
      case "4": {
        const minute = this.short(element === "04");
        this.minute = minute ?? 0;
        return minute === undefined ? SYNTAX : minute > 59 ? "minute" : undefined;
      }
      case "05":
      case "5": {
        const second = this.short(element === "05");
        this.second = second ?? 0;
        return second === undefined ? SYNTAX : second > 59 ? "second" : this.fractionUnasked(behind);
      }
      case "PM":
      case "pm": {
        const word = this.take(/^../su);
        const [pm, am] = element === "PM" ? ["PM", "AM"] : ["pm", "am"];
        if (word === pm) this.afternoon = true;
        else if (word === am) this.forenoon = true;
        else return SYNTAX;
        return undefined;
      }
      case "MST":
        return this.abbreviation();
      default:
        return /^[.,]/u.test(element) ? this.fraction(element) : this.zone(element);
    }
  }

  private readYear(isLong: boolean): typeof SYNTAX | undefined {
    const text = this.take(isLong ? /^[0-9].{3}/su : /^.{2}/su);
    if (text === undefined || !/^[-+]?[0-9]+$/u.test(text)) return SYNTAX;
    const year = Number(text);
    this.year = isLong ? year : year + (year >= 69 ? 1900 : 2000);
    return undefined;
  }

  /** Which of the names stands there, in any letter case; -1 for none. */
  private name(names: readonly string[], isShort: boolean): number {
    const written = isShort ? names.map((name) => name.slice(0, 3)) : names;
    const at = written.findIndex((name) => this.rest.slice(0, name.length).toLowerCase() === name.toLowerCase());
    this.rest = this.rest.slice(written[at]?.length ?? 0);
    return at;
  }

  /** A fraction behind the seconds is taken although the layout has none there, unless its next element is one. */
  private fractionUnasked(behind: readonly Piece[]): typeof SYNTAX | string | undefined {
    const next = behind.find(({ element }) => element);
    return next !== undefined && /^[.,]/u.test(next.text) ? undefined : this.digitsOfFraction();
  }

  private fraction(element: string): typeof SYNTAX | string | undefined {
    if (element[1] === "9") return this.digitsOfFraction();
    const found = this.take(new RegExp(`^.{${element.length}}`, "su"));
    const [, sign, digits = ""] = /^[.,]([-+]?)([0-9]*)$/u.exec(found?.slice(0, 10) ?? "") ?? [];
    if (found === undefined || sign === undefined) return SYNTAX;
    this.nanosecond = Number(digits) * 10 ** Math.max(0, 10 - found.length);
    return sign === "-" && this.nanosecond > 0 ? "fractional second" : undefined;
  }

  private digitsOfFraction(): undefined {
    const found = this.take(/^[.,][0-9]+/u);
    if (found !== undefined) this.nanosecond = Number(found.slice(1, 10).padEnd(9, "0"));
  }

  /** `+02:00` and the like: the range of each part counts before the sign does. */
  private zone(element: string): typeof SYNTAX | string | undefined {
    if (element.startsWith("Z") && this.take(/^Z/u) !== undefined) {
      this.isUtc = true;
      return undefined;
    }
    const shape = element.slice(1).replaceAll(/0[07]/gu, "(..)");
    const found = new RegExp(`^(.)${shape}`, "su").exec(this.rest);
    if (found === null) return SYNTAX;
    this.rest = this.rest.slice(found[0].length);
    const [, sign, ...parts] = found;
    const wrong = parts.findIndex((part) => !/^[0-9]{2}$/u.test(part));
    const [hours = 0, minutes = 0, seconds = 0] = (wrong < 0 ? parts : parts.slice(0, wrong)).map(Number);
    if (seconds > 60) return "time zone offset second";
    if (minutes > 60) return "time zone offset minute";
    if (hours > 24) return "time zone offset hour";
    if (wrong >= 0 || (sign !== "+" && sign !== "-")) return SYNTAX;
    this.offset = (hours * 3600 + minutes * 60 + seconds) * (sign === "-" ? -1 : 1);
    return undefined;
  }

  /** An abbreviation does not move the instant. */
  private abbreviation(): typeof SYNTAX | undefined {
    if (this.take(/^UTC/u) !== undefined) {
      this.isUtc = true;
      return undefined;
    }
    if (this.rest.length < 3) return SYNTAX;
    const found =
      this.take(/^(?:ChST|MeST)/u) ??
      this.take(/^GMT(?:[-+]0*(?:2[0-3]|1?[0-9])(?![0-9]))?/u) ??
      this.take(/^[-+]0*(?:2[0-3]|1?[0-9])(?![0-9])/u) ??
      this.take(/^(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])/u);
    return found === undefined ? SYNTAX : undefined;
  }

  private finish(): Parsed {
    const { year, minute, second, nanosecond } = this;
    const hour = this.afternoon && this.hour < 12 ? this.hour + 12 : this.forenoon && this.hour === 12 ? 0 : this.hour;
    let { month = 1, day = 1 } = this;
    if (this.yearDay !== undefined) {
      const start = daysFromCivil(year, 1, 1) + this.yearDay - 1;
      if (this.yearDay < 1 || start >= daysFromCivil(year + 1, 1, 1)) return this.wrong("day-of-year out of range");
      month = 1;
      while (daysFromCivil(year, month + 1, 1) <= start) month++;
      if (this.month !== undefined && this.month !== month) return this.wrong("day-of-year does not match month");
      day = start - daysFromCivil(year, month, 1) + 1;
      if (this.day !== undefined && this.day !== day) return this.wrong("day-of-year does not match day");
    }
    if (day < 1 || day > daysInMonth(year, month)) return this.wrong("day out of range");
    const seconds = secondsFromCivil({ year, month, day, hour, minute, second }) - (this.isUtc ? 0 : this.offset);
    return { nanos: BigInt(seconds) * nanosPerSecond + BigInt(nanosecond) };
  }
}
