// Base64 as Go's encoding/base64 reads and writes it, with the offsets of its faults.
import { failure } from "../builtins/builtin.ts";
import { encodeBytes } from "../rego-text.ts";

const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const url = `${standard.slice(0, 62)}-_`;
const lineEnd = (byte: number): boolean => byte === 10 || byte === 13;

/** The bytes of a padded text; line ends are passed over. Throws Go's `illegal base64 data at input byte N`. */
export function decodeBase64(text: string, alphabet: "standard" | "url" = "standard"): Uint8Array {
  const source = encodeBytes(text);
  const digits = alphabet === "standard" ? standardDigits : urlDigits;
  const out = new Uint8Array(Math.ceil((source.length / 4) * 3));
  let length = 0;
  let group = 0;
  let have = 0;
  for (let at = 0; at < source.length; at++) {
    const byte = source[at]!;
    if (lineEnd(byte)) continue;
    const digit = byte < 128 ? digits[byte]! : -1;
    if (digit >= 0) {
      group = (group << 6) | digit;
      if (++have < 4) continue;
      out[length++] = group >> 16;
      out[length++] = group >> 8;
      out[length++] = group;
      group = 0;
      have = 0;
      continue;
    }
    if (byte !== 61 || have < 2) throw illegal(at);
    at++;
    if (have === 2) {
      while (at < source.length && lineEnd(source[at]!)) at++;
      if (at === source.length) throw illegal(at);
      if (source[at] !== 61) throw illegal(at - 1);
      at++;
    }
    while (at < source.length && lineEnd(source[at]!)) at++;
    if (at < source.length) throw illegal(at);
    out[length++] = have === 2 ? group >> 4 : group >> 10;
    if (have === 3) out[length++] = group >> 2;
    return out.subarray(0, length);
  }
  if (have > 0) throw illegal(source.length - have);
  return out.subarray(0, length);
}

/** A section of a token: the URL alphabet, the padding may be missing. */
export function decodeTokenPart(text: string): Uint8Array {
  if (text.endsWith("=")) return decodeBase64(text, "url");
  const rest = encodeBytes(text).length % 4;
  if (rest === 1) throw failure(`illegal base64url string: ${text}`);
  return decodeBase64(text + ["", "", "==", "="][rest]!, "url");
}

/** Padded standard text, or with `url` the URL alphabet without padding. */
export function encodeBase64(bytes: Uint8Array, alphabet: "standard" | "url" = "standard"): string {
  const letters = alphabet === "standard" ? standard : url;
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(bytes.length - at, 3);
    for (let index = 0; index <= count; index++) text += letters[(group >> (18 - 6 * index)) & 63]!;
    if (alphabet === "standard") text += "=".repeat(3 - count);
  }
  return text;
}

const digitsOf = (letters: string): Int8Array => {
  const digits = new Int8Array(128).fill(-1);
  for (let index = 0; index < 64; index++) digits[letters.charCodeAt(index)] = index;
  return digits;
};
const standardDigits = digitsOf(standard);
const urlDigits = digitsOf(url);

function illegal(at: number): Error {
  return failure(`illegal base64 data at input byte ${at}`);
}
