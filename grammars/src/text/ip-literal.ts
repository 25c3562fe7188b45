// Textual IP addresses as Go's netip.ParseAddr takes them, with its faults.
import { goQuote } from "./go-quote.ts";

/** Why a text is no IPv4 or IPv6 address; undefined when it is one. */
export function ipFault(text: string): string | undefined {
  for (const char of text) {
    if (char === ".") return ipv4Fault(text);
    if (char === ":") return ipv6Fault(text);
    if (char === "%") return fault(text, "missing IPv6 address");
  }
  return fault(text, "unable to parse IP");
}

function fault(text: string, message: string, at?: string): string {
  return `ParseAddr(${goQuote(text)}): ${message}${at === undefined ? "" : ` (at ${goQuote(at)})`}`;
}

function ipv4Fault(text: string): string | undefined {
  const parts = text.split(".");
  for (const part of parts) {
    if (part === "")
      return fault(
        text,
        "IPv4 field must have at least one digit",
        text.slice(text.indexOf("..") < 0 ? 0 : text.indexOf("..") + 1),
      );
    if (!/^[0-9]+$/u.test(part)) return fault(text, "unexpected character", part.replace(/^[0-9]+/u, ""));
    if (part.length > 1 && part.startsWith("0")) return fault(text, "IPv4 field has octet with leading zero");
    if (Number(part) > 255) return fault(text, "IPv4 field has value >255");
  }
  if (parts.length < 4) return fault(text, "IPv4 address too short");
  return parts.length > 4 ? fault(text, "IPv4 address too long") : undefined;
}

function ipv6Fault(text: string): string | undefined {
  const percent = text.indexOf("%");
  const zone = percent < 0 ? undefined : text.slice(percent + 1);
  if (zone === "") return fault(text, "zone must be a non-empty string");
  let rest = percent < 0 ? text : text.slice(0, percent);
  let fields = 0;
  let ellipsis = -1;
  if (rest.startsWith("::")) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === "") return undefined;
  }
  while (fields < 8) {
    const digits = /^[0-9A-Fa-f]*/u.exec(rest)![0];
    if (digits.length > 4 || Number.parseInt(digits || "0", 16) > 0xffff)
      return fault(text, digits.length > 4 ? "each group must have 4 or less digits" : "IPv6 field has value >=2^16", rest);
    if (digits === "") return fault(text, "each colon-separated field must have at least one digit", rest);
    if (rest[digits.length] === ".") {
      if (ellipsis < 0 && fields !== 6)
        return fault(text, "embedded IPv4 address must replace the final 2 fields of the address", rest);
      if (fields > 6) return fault(text, "too many hex fields to fit an embedded IPv4 at the end of the address", rest);
      const inner = ipv4Fault(rest);
      if (inner !== undefined) return fault(text, inner.slice(inner.indexOf(": ") + 2));
      fields += 2;
      rest = "";
      break;
    }
    fields++;
    rest = rest.slice(digits.length);
    if (rest === "") break;
    if (rest[0] !== ":") return fault(text, "unexpected character, want colon", rest);
    if (rest.length === 1) return fault(text, "colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (rest[0] === ":") {
      if (ellipsis >= 0) return fault(text, "multiple :: in address", rest);
      ellipsis = fields;
      rest = rest.slice(1);
      if (rest === "") break;
    }
  }
  if (rest !== "") return fault(text, "trailing garbage after address", rest);
  if (fields < 8) return ellipsis < 0 ? fault(text, "address string too short") : undefined;
  return ellipsis >= 0 ? fault(text, "the :: must expand to at least one field of zeros") : undefined;
}

/** The 4 or 16 bytes of an address without fault; a zone is left out. */
export function ipBytes(text: string): Uint8Array {
  const bare = text.replace(/%.*$/u, "");
  const dotted = /[^:]*\.[^:]*$/u.exec(bare)?.[0] ?? "";
  const tail = dotted === "" ? [] : dotted.split(".").map(Number);
  if (!bare.includes(":")) return Uint8Array.from(tail);
  const bytesOf = (side: string): number[] =>
    side
      .split(":")
      .filter((group) => group !== "")
      .flatMap((group) => {
        const value = Number.parseInt(group, 16);
        return [value >> 8, value & 0xff];
      });
  const groups = bare.slice(0, bare.length - dotted.length);
  const [before = "", after = ""] = groups.split("::");
  const [head, rest] = [bytesOf(before), [...bytesOf(after), ...tail]];
  if (!groups.includes("::")) return Uint8Array.from([...head, ...tail]);
  return Uint8Array.from([...head, ...Array.from({ length: 16 - head.length - rest.length }, () => 0), ...rest]);
}
