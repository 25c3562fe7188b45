// Go's reference-time layouts: `2006-01-02T15:04:05Z07:00` read into elements, used to format and to parse.

import { type Civil, dayOfYear, daysFromCivil, daysInMonth, weekdayOfDays } from "./calendar.ts";
import { quoteForTime } from "./quote.ts";
import { fixedZone, nanosFromCivil, utc, type Zone } from "./zones.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const weekdayNames: readonly string[] = days;

export const namedLayouts: Readonly<Record<string, string>> = {
  ANSIC: "Mon Jan _2 15:04:05 2006",
  UnixDate: "Mon Jan _2 15:04:05 MST 2006",
  RubyDate: "Mon Jan 02 15:04:05 -0700 2006",
  RFC822: "02 Jan 06 15:04 MST",
  RFC822Z: "02 Jan 06 15:04 -0700",
  RFC850: "Monday, 02-Jan-06 15:04:05 MST",
  RFC1123: "Mon, 02 Jan 2006 15:04:05 MST",
  RFC1123Z: "Mon, 02 Jan 2006 15:04:05 -0700",
  RFC3339: "2006-01-02T15:04:05Z07:00",
  RFC3339Nano: "2006-01-02T15:04:05.999999999Z07:00",
};

/** Longest first, as Go tries them at each place. */
const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|__2|0[1-6]|_2006|_2|2006|15|PM|pm|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,](?:0+|9+)(?![0-9])|1|2|3|4|5/y;

interface Piece {
  readonly element: boolean;
  readonly text: string;
}

function split(layout: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  for (let at = 0; at < layout.length; ) {
    elements.lastIndex = at;
    const element = elements.exec(layout)?.[0];
    if (element === undefined) {
      literal += layout[at++];
      continue;
    }
    // `_2006` is an underscore and the year.
    const prefix = element === "_2006" ? "_" : "";
    literal += prefix;
    if (literal !== "") pieces.push({ element: false, text: literal });
    literal = "";
    pieces.push({ element: true, text: element.slice(prefix.length) });
    at += element.length;
  }
  if (literal !== "") pieces.push({ element: false, text: literal });
  return pieces;
}

const pad = (value: number, width: number, fill = "0"): string => String(value).padStart(width, fill);

/** Formats a civil time as Go does. */
export function formatTime(civil: Civil, offset: number, abbreviation: string, layout: string): string {
  return split(layout)
    .map((piece) => (piece.element ? formatElement(piece.text, civil, offset, abbreviation) : piece.text))
    .join("");
}

function formatElement(element: string, civil: Civil, offset: number, abbreviation: string): string {
  const hour12 = civil.hour % 12 === 0 ? 12 : civil.hour % 12;
  switch (element) {
    case "2006":
      return civil.year < 0 ? `-${pad(-civil.year, 4)}` : pad(civil.year, 4);
    case "06":
      return pad(((civil.year % 100) + 100) % 100, 2);
    case "01":
      return pad(civil.month, 2);
    case "1":
      return String(civil.month);
    case "January":
      return months[civil.month - 1]!;
    case "Jan":
      return months[civil.month - 1]!.slice(0, 3);
    case "02":
      return pad(civil.day, 2);
    case "_2":
      return pad(civil.day, 2, " ");
    case "2":
      return String(civil.day);
    case "002":
      return pad(dayOfYear(civil), 3);
    case "__2":
      return pad(dayOfYear(civil), 3, " ");
    case "Monday":
    case "Mon": {
      const name = days[weekdayOfDays(daysFromCivil(civil.year, civil.month, civil.day))]!;
      return element === "Mon" ? name.slice(0, 3) : name;
    }
    case "15":
      return pad(civil.hour, 2);
    case "03":
      return pad(hour12, 2);
    case "3":
      return String(hour12);
    case "04":
      return pad(civil.minute, 2);
    case "4":
      return String(civil.minute);
    case "05":
      return pad(civil.second, 2);
    case "5":
      return String(civil.second);
    case "PM":
      return civil.hour >= 12 ? "PM" : "AM";
    case "pm":
      return civil.hour >= 12 ? "pm" : "am";
    case "MST":
      return abbreviation;
    default:
      return /^[.,]/.test(element) ? formatFraction(element, civil.nanosecond) : formatOffset(element, offset);
  }
}

function formatFraction(element: string, nanosecond: number): string {
  const digits = pad(nanosecond, 9).slice(0, element.length - 1);
  if (element[1] === "0") return `${element[0]}${digits}`;
  const short = digits.replace(/0+$/, "");
  return short === "" ? "" : `${element[0]}${short}`;
}

function formatOffset(element: string, offset: number): string {
  if (element.startsWith("Z") && offset === 0) return "Z";
  const total = Math.abs(offset);
  const parts = [pad(Math.floor(total / 3600), 2)];
  const shape = element.slice(1);
  if (shape.length > 2) parts.push(pad(Math.floor((total % 3600) / 60), 2));
  if (shape.length > 5) parts.push(pad(total % 60, 2));
  return `${offset < 0 ? "-" : "+"}${parts.join(shape.includes(":") ? ":" : "")}`;
}

/** What a text says in a layout: nanoseconds since 1970, or Go's sentence about the fault. */
export function parseTime(layout: string, value: string): { readonly nanos: bigint } | { readonly fault: string } {
  return new TimeReader(layout, value).read();
}

class TimeReader {
  private rest: string;
  private readonly layout: string;
  private readonly value: string;
  private year = 0;
  private month = 0;
  private day = 0;
  private yearDay = 0;
  private hour = 0;
  private minute = 0;
  private second = 0;
  private nanosecond = 0;
  private afternoon: boolean | undefined;
  private zone: Zone = utc;

  constructor(layout: string, value: string) {
    this.layout = layout;
    this.value = value;
    this.rest = value;
  }

  read(): { readonly nanos: bigint } | { readonly fault: string } {
    const pieces = split(this.layout);
    for (const [index, piece] of pieces.entries()) {
      if (!piece.element) {
        if (!this.skip(piece.text)) return this.mismatch(this.rest, piece.text);
        continue;
      }
      const before = this.rest;
      const fault = this.element(piece.text, pieces[index + 1]);
      if (fault === "range") return { fault: `parsing time ${quoteForTime(this.value)}: ${this.range} out of range` };
      if (fault === "syntax") return this.mismatch(before, piece.text);
    }
    if (this.rest !== "") return { fault: `parsing time ${quoteForTime(this.value)}: extra text: ${quoteForTime(this.rest)}` };
    return this.finish();
  }

  /** Reads what a layout says word for word; a blank stands for any number of them, and for the end. False when it is not there. */
  private skip(text: string): boolean {
    for (const [part] of text.matchAll(/ +|[^ ]/gu)) {
      if (part.startsWith(" ")) {
        if (this.rest !== "" && !this.rest.startsWith(" ")) return false;
        this.rest = this.rest.replace(/^ +/u, "");
      } else if (this.rest.startsWith(part)) this.rest = this.rest.slice(part.length);
      else return false;
    }
    return true;
  }

  private range = "";

  private mismatch(rest: string, element: string): { readonly fault: string } {
    return {
      fault: `parsing time ${quoteForTime(this.value)} as ${quoteForTime(this.layout)}: cannot parse ${quoteForTime(rest)} as ${quoteForTime(element)}`,
    };
  }

  private digits(least: number, most: number): number | undefined {
    const found = new RegExp(`^[0-9]{${least},${most}}`).exec(this.rest)?.[0];
    if (found === undefined) return undefined;
    this.rest = this.rest.slice(found.length);
    return Number(found);
  }

  private element(element: string, next: Piece | undefined): "syntax" | "range" | undefined {
    const check = (
      value: number | undefined,
      low: number,
      high: number,
      name: string,
      set: (value: number) => void,
    ): "syntax" | "range" | undefined => {
      if (value === undefined) return "syntax";
      if (value < low || value > high) {
        this.range = name;
        return "range";
      }
      set(value);
      return undefined;
    };
    switch (element) {
      case "2006":
        return check(this.digits(4, 4), 0, 9999, "year", (value) => {
          this.year = value;
        });
      case "06":
        return check(this.digits(2, 2), 0, 99, "year", (value) => {
          this.year = value >= 69 ? 1900 + value : 2000 + value;
        });
      case "01":
      case "1":
        return check(element === "01" ? this.digits(2, 2) : this.digits(1, 2), 1, 12, "month", (value) => {
          this.month = value;
        });
      case "January":
      case "Jan": {
        const at = this.name(months, element === "Jan");
        if (at === undefined) return "syntax";
        this.month = at + 1;
        return undefined;
      }
      case "Monday":
      case "Mon":
        return this.name(days, element === "Mon") === undefined ? "syntax" : undefined;
      case "02":
      case "_2":
      case "2":
        if (element === "_2" && this.rest.startsWith(" ")) this.rest = this.rest.slice(1);
        return check(element === "02" ? this.digits(2, 2) : this.digits(1, 2), 0, 99, "day", (value) => {
          this.day = value;
        });
      case "002":
      case "__2":
        if (element === "__2") this.rest = this.rest.replace(/^ {1,2}/, "");
        return check(element === "002" ? this.digits(3, 3) : this.digits(1, 3), 1, 366, "day-of-year", (value) => {
          this.yearDay = value;
        });
      case "15":
        return check(this.digits(1, 2), 0, 23, "hour", (value) => {
          this.hour = value;
        });
      case "03":
      case "3":
        return check(element === "03" ? this.digits(2, 2) : this.digits(1, 2), 0, 12, "hour", (value) => {
          this.hour = value;
        });
      case "04":
      case "4":
        return check(element === "04" ? this.digits(2, 2) : this.digits(1, 2), 0, 59, "minute", (value) => {
          this.minute = value;
        });
      case "05":
      case "5":
        return (
          check(element === "05" ? this.digits(2, 2) : this.digits(1, 2), 0, 59, "second", (value) => {
            this.second = value;
          }) ?? this.looseFraction(next)
        );
      case "PM":
      case "pm": {
        const word = this.rest.slice(0, 2);
        const [pm, am] = element === "PM" ? ["PM", "AM"] : ["pm", "am"];
        if (word !== pm && word !== am) return "syntax";
        this.afternoon = word === pm;
        this.rest = this.rest.slice(2);
        return undefined;
      }
      case "MST":
        return this.abbreviation();
      default:
        return /^[.,]/.test(element) ? this.fraction(element) : this.offset(element);
    }
  }

  private name(names: readonly string[], short: boolean): number | undefined {
    const at = names.findIndex((name) => this.rest.toLowerCase().startsWith((short ? name.slice(0, 3) : name).toLowerCase()));
    if (at < 0) return undefined;
    this.rest = this.rest.slice(short ? 3 : names[at]!.length);
    return at;
  }

  /** A fraction after the seconds is taken although the layout has none. */
  private looseFraction(next: Piece | undefined): undefined {
    if (next?.element === true && /^[.,]/.test(next.text)) return;
    const found = /^[.,][0-9]+/.exec(this.rest)?.[0];
    if (found !== undefined) this.takeFraction(found);
    return;
  }

  private fraction(element: string): "syntax" | undefined {
    if (element[1] === "9") {
      const found = /^[.,][0-9]+/.exec(this.rest)?.[0];
      if (found !== undefined) this.takeFraction(found);
      return undefined;
    }
    const found = new RegExp(`^[.,][0-9]{${element.length - 1}}`).exec(this.rest)?.[0];
    if (found === undefined) return "syntax";
    this.takeFraction(found);
    return undefined;
  }

  private takeFraction(found: string): void {
    this.nanosecond = Number(found.slice(1, 10).padEnd(9, "0"));
    this.rest = this.rest.slice(found.length);
  }

  private offset(element: string): "syntax" | "range" | undefined {
    if (element.startsWith("Z") && this.rest.startsWith("Z")) {
      this.rest = this.rest.slice(1);
      return undefined;
    }
    const shape = element
      .slice(1)
      .replace("07", "(\\d\\d)")
      .replaceAll(/:?00/g, (part) => part.replace("00", "(\\d\\d)"));
    const found = new RegExp(`^([-+])${shape}`).exec(this.rest);
    if (found === null) return "syntax";
    const [hours = 0, minutes = 0, seconds = 0] = found.slice(2).map(Number);
    if (hours > 24 || minutes > 60 || seconds > 60) {
      this.range = "time zone offset ".concat(hours > 24 ? "hour" : minutes > 60 ? "minute" : "second");
      return "range";
    }
    const offset = (hours * 3600 + minutes * 60 + seconds) * (found[1] === "-" ? -1 : 1);
    this.zone = fixedZone(offset, "");
    this.rest = this.rest.slice(found[0].length);
    return undefined;
  }

  /** An abbreviation does not move the instant. */
  private abbreviation(): "syntax" | undefined {
    const found = /^(?:UTC|GMT[-+][0-9]{1,2}|ChST|MeST|[A-Z]{3,4}(?![A-Z])|[A-Z]{4}T|[-+][0-9]{2}(?:[0-9]{2})?)/.exec(
      this.rest,
    )?.[0];
    if (found === undefined) return "syntax";
    this.rest = this.rest.slice(found.length);
    return undefined;
  }

  private finish(): { readonly nanos: bigint } | { readonly fault: string } {
    const out = (name: string): { readonly fault: string } => ({
      fault: `parsing time ${quoteForTime(this.value)}: ${name} out of range`,
    });
    let hour = this.hour;
    if (this.afternoon === true && hour < 12) hour += 12;
    else if (this.afternoon === false && hour === 12) hour = 0;
    let { month, day } = this;
    if (this.yearDay > 0) {
      if (this.yearDay === 366 && daysInMonth(this.year, 2) === 28) return out("day-of-year");
      const start = daysFromCivil(this.year, 1, 1) + this.yearDay - 1;
      let found = 1;
      while (found < 12 && daysFromCivil(this.year, found + 1, 1) <= start) found++;
      const dayFound = start - daysFromCivil(this.year, found, 1) + 1;
      if ((month !== 0 && month !== found) || (day !== 0 && day !== dayFound))
        return {
          fault: `parsing time ${quoteForTime(this.value)}: day-of-year does not match ${month !== 0 && month !== found ? "month" : "day"}`,
        };
      month = found;
      day = dayFound;
    }
    month = month === 0 ? 1 : month;
    day = day === 0 && !/2/.test(this.layout.replace(/2006/g, "")) ? 1 : day;
    if (day < 1 || day > daysInMonth(this.year, month)) return out("day");
    return {
      nanos: nanosFromCivil(
        { year: this.year, month, day, hour, minute: this.minute, second: this.second, nanosecond: this.nanosecond },
        this.zone,
      ),
    };
  }
}
