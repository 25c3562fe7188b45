// Go's reference-time layouts: `2006-01-02T15:04:05Z07:00` read into elements, and times written by them.

import { type Civil, dayOfYear, daysFromCivil, weekdayOfDays } from "./calendar.ts";

export const monthNames: readonly string[] = [
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
export const weekdayNames: readonly string[] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

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

export interface Piece {
  readonly element: boolean;
  readonly text: string;
}

export function splitLayout(layout: string): readonly Piece[] {
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
  return splitLayout(layout)
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
      return monthNames[civil.month - 1]!;
    case "Jan":
      return monthNames[civil.month - 1]!.slice(0, 3);
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
      const name = weekdayNames[weekdayOfDays(daysFromCivil(civil.year, civil.month, civil.day))]!;
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
  const shape = element.slice(1);
  // The sign is that of whole minutes.
  const sign = Math.trunc(offset / 60) < 0 ? "-" : "+";
  const parts = [pad(Math.floor(total / 3600), 2)];
  if (shape.length > 2) parts.push(pad(Math.floor((total % 3600) / 60), 2));
  if (shape.length > 5) parts.push(pad(total % 60, 2));
  return `${sign}${parts.join(shape.includes(":") ? ":" : "")}`;
}
