// The formats that `format` checks, as gojsonschema checks them; unknown ones hold for everything.

import { parseUri } from "#grammars/text/go-url.ts";
import { ipFault } from "#grammars/text/ip-literal.ts";
import { isGoRegex } from "../../go-regex.ts";
import { encodeBytes } from "../../rego-text.ts";
import { parseTime } from "../../time/parse-time.ts";
import { isMailAddress } from "./mail-address.ts";

const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])";
const hostname = new RegExp(`^${label}(?:\\.${label})*$`, "u");
const uuid = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/iu;
const template = /^(?:[^{]|\{[^}]*\})*$/u;
const pointer = /^(?:\/(?:[^~/]|~0|~1)*)*$/u;
const relativePointer = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/u;

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => isTime(text, "2006-01-02"),
  time: (text) => isTime(text, "15:04:05Z07:00", "15:04:05"),
  "date-time": (text) => isTime(text, "15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00"),
  hostname: (text) => hostname.test(text) && text.length < 256,
  email: isMailAddress,
  "idn-email": isMailAddress,
  ipv4: (text) => text.includes(".") && isAddress(text),
  ipv6: (text) => text.includes(":") && isAddress(text),
  uri: isUri,
  "uri-reference": isUriReference,
  iri: isUri,
  "iri-reference": isUriReference,
  "uri-template": (text) => {
    const parsed = parseUri(text);
    return "value" in parsed && !text.includes("\\") && template.test(parsed.value.path);
  },
  uuid: (text) => uuid.test(text),
  regex: (text) => text === "" || isGoRegex(text),
  "json-pointer": (text) => pointer.test(text),
  "relative-json-pointer": (text) => relativePointer.test(text),
};

export function hasFormat(format: string, text: string): boolean {
  return !Object.hasOwn(formats, format) || formats[format]!(text);
}

function isTime(text: string, ...layouts: readonly string[]): boolean {
  return layouts.some((layout) => {
    const read = parseTime(layout, text);
    // A time without a date is in the year 0, which is no nanosecond of the calendar but a time.
    return "nanos" in read || read.fault === "time outside of valid range";
  });
}

function isAddress(text: string): boolean {
  return encodeBytes(text).length === text.length && !text.includes("%") && ipFault(text) === undefined;
}

function isUri(text: string): boolean {
  const parsed = parseUri(text);
  return "value" in parsed && parsed.value.scheme !== "" && !text.includes("\\");
}

function isUriReference(text: string): boolean {
  return "value" in parseUri(text) && !text.includes("\\");
}
