// Addresses read as Go's net/url reads them, with its faults.
import { goQuote } from "./go-quote.ts";
import { ipFault } from "./ip-literal.ts";

export interface Uri {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

type Outcome<T> = { readonly value: T } | { readonly fault: string };
type Mode = "path" | "host" | "zone" | "user" | "fragment";

/** Reads an address or a relative reference; the fault is Go's sentence with the text in quotes. */
export function parseUri(text: string): Outcome<Uri> {
  const hash = text.indexOf("#");
  const before = hash < 0 ? text : text.slice(0, hash);
  const parsed = withoutFragment(before);
  if ("fault" in parsed) return { fault: `parse ${goQuote(before)}: ${parsed.fault}` };
  const fragment = percentDecoded(hash < 0 ? "" : text.slice(hash + 1), "fragment");
  if ("fault" in fragment) return { fault: `parse ${goQuote(text)}: ${fragment.fault}` };
  return { value: { ...parsed.value, fragment: fragment.value } };
}

function withoutFragment(text: string): Outcome<Omit<Uri, "fragment">> {
  if (/[\u0000-\u001f\u007f]/u.test(text)) return { fault: "net/url: invalid control character in URL" };
  const nothing = { scheme: "", host: "", path: "", rawPath: "", rawQuery: "" };
  if (text === "*") return { value: { ...nothing, path: "*" } };
  if (text.startsWith(":")) return { fault: "missing protocol scheme" };
  const found = /^([A-Za-z][A-Za-z0-9+.-]*):/u.exec(text);
  const scheme = found?.[1]?.toLowerCase() ?? "";
  let rest = text.slice(found?.[0].length ?? 0);
  let rawQuery = "";
  const question = rest.indexOf("?");
  if (question >= 0) [rest, rawQuery] = [rest.slice(0, question), rest.slice(question + 1)];
  if (!rest.startsWith("/")) {
    if (scheme !== "") return { value: { ...nothing, scheme, rawQuery } };
    if (rest.split("/", 1)[0]!.includes(":")) return { fault: "first path segment in URL cannot contain colon" };
  }
  let host = "";
  if ((scheme !== "" || !rest.startsWith("///")) && rest.startsWith("//")) {
    const slash = rest.indexOf("/", 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? "" : rest.slice(slash);
    const read = readAuthority(scheme, authority);
    if ("fault" in read) return read;
    host = read.value;
  }
  const path = percentDecoded(rest, "path");
  if ("fault" in path) return path;
  return { value: { scheme, host, path: path.value, rawPath: rest === escapePath(path.value) ? "" : rest, rawQuery } };
}

function readAuthority(scheme: string, authority: string): Outcome<string> {
  const at = authority.lastIndexOf("@");
  const host = readHost(scheme, authority.slice(at + 1));
  if ("fault" in host || at < 0) return host;
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/u.test(user)) return { fault: "net/url: invalid userinfo" };
  const decoded = percentDecoded(user, "user");
  return "fault" in decoded ? decoded : host;
}

function readHost(scheme: string, host: string): Outcome<string> {
  const open = host.lastIndexOf("[");
  if (open > 0) return { fault: "invalid IP-literal" };
  if (open === 0) return readLiteral(host);
  const first = host.indexOf(":");
  if (first >= 0) {
    const strict = scheme === "http" || scheme === "https";
    const port = host.slice(strict ? first : host.lastIndexOf(":"));
    if (!isPort(port)) return { fault: `invalid port ${goQuote(port)} after host` };
  }
  return percentDecoded(host, "host");
}

function readLiteral(host: string): Outcome<string> {
  const close = host.lastIndexOf("]");
  if (close < 0) return { fault: "missing ']' in host" };
  const port = host.slice(close + 1);
  if (!isPort(port)) return { fault: `invalid port ${goQuote(port)} after host` };
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const address = percentDecoded(zone < 0 ? name : name.slice(0, zone), "host");
  if ("fault" in address) return address;
  const suffix = percentDecoded(zone < 0 ? "" : name.slice(zone), "zone");
  if ("fault" in suffix) return suffix;
  const whole = address.value + suffix.value;
  const fault = ipFault(whole);
  if (fault !== undefined) return { fault: `invalid host: ${fault}` };
  if (!whole.includes(":")) return { fault: "invalid IP-literal" };
  return { value: `[${whole}]${port}` };
}

function isPort(text: string): boolean {
  return /^(?::[0-9]*)?$/u.test(text);
}

export function splitPort(host: string): readonly [string, string] {
  const colon = host.lastIndexOf(":");
  const hasPort = colon >= 0 && isPort(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  return [name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name, hasPort ? host.slice(colon + 1) : ""];
}

/** Characters of a host that Go takes without escapes. */
const hostCharacter = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/u;

function percentDecoded(text: string, mode: Mode): Outcome<string> {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 0; at < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(at)!);
    if (char === "%") {
      const hex = text.slice(at + 1, at + 3);
      if (!/^[0-9A-Fa-f]{2}$/u.test(hex)) return { fault: `invalid URL escape ${goQuote(text.slice(at, at + 3))}` };
      const byte = Number.parseInt(hex, 16);
      const foreign =
        mode === "zone" && hex !== "25" && byte !== 32 && !(byte < 128 && hostCharacter.test(String.fromCharCode(byte)));
      if ((mode === "host" && byte < 128 && hex !== "25") || foreign)
        return { fault: `invalid URL escape ${goQuote(text.slice(at, at + 3))}` };
      bytes.push(byte);
      at += 3;
      continue;
    }
    if ((mode === "host" || mode === "zone") && char < "\u0080" && !hostCharacter.test(char))
      return { fault: `invalid character ${goQuote(char)} in host name` };
    bytes.push(...encoder.encode(char));
    at += char.length;
  }
  return { value: decodeBytes(Uint8Array.from(bytes)) };
}

/** UTF-8 with broken bytes kept as lone low surrogates, as values hold them. */
function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    let out = "";
    for (let at = 0; at < bytes.length; ) {
      const length = [1, 2, 3, 4].find((size) => isCharacter(bytes.subarray(at, at + size), size));
      out +=
        length === undefined
          ? String.fromCharCode(0xdc00 + bytes[at]!)
          : new TextDecoder().decode(bytes.subarray(at, at + length));
      at += length ?? 1;
    }
    return out;
  }
}

function isCharacter(bytes: Uint8Array, size: number): boolean {
  if (bytes.length < size) return false;
  try {
    return [...new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)].length === 1;
  } catch {
    return false;
  }
}

export function escapePath(path: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(path)) {
    const char = String.fromCharCode(byte);
    const plain = byte < 128 && /[A-Za-z0-9\-_.~$&+,/:;=@]/u.test(char);
    out += plain ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
