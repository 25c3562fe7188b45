// Bytes → text in which every byte that is no UTF-8 stays visible: it becomes a lone surrogate, which no other text holds.

const first = 0xdc00;

/** The text of a policy's bytes, byte-order mark included; a broken byte `b` is the unit U+DC00 + `b`. */
export function decodePolicy(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

/** The bytes that `decodePolicy` made a text of. */
export function encodePolicy(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= first && code <= first + 0xff) bytes.push(code - first);
    else bytes.push(...encoder.encode(char));
  }
  return Uint8Array.from(bytes);
}

/** True when a text holds a broken byte, or half a pair of units, which no bytes can spell. */
export function isBroken(text: string): boolean {
  return !text.isWellFormed();
}

/** True when the unit at an offset is a broken byte or half a pair. */
export function isBrokenAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0xd800 && code < 0xdc00) return !isLow(text.charCodeAt(at + 1));
  return isLow(code) && !(text.charCodeAt(at - 1) >= 0xd800 && text.charCodeAt(at - 1) < 0xdc00);
}

/** How many bytes a text has as UTF-8; a broken byte is one. */
export function byteLength(text: string): number {
  const { length } = new TextEncoder().encode(text);
  if (!isBroken(text)) return length;
  let broken = 0;
  for (let at = 0; at < text.length; at++) if (isBrokenAt(text, at)) broken++;
  return length - 2 * broken;
}

/** The text with its last character cut to the first of its bytes, a broken one where it has more. */
export function cutToFirstByte(text: string): string {
  const at = text.length - (isBrokenAt(text, text.length - 1) || !isLow(text.charCodeAt(text.length - 1)) ? 1 : 2);
  return text.slice(0, at) + (cutCharacter(text, at)[0] ?? text.slice(at));
}

/** All bytes but the last of the character at an offset, as broken ones; empty where it is one byte. */
export function cutCharacter(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  if (code < 0x80 || isBrokenAt(text, at)) return "";
  const bytes = new TextEncoder().encode(String.fromCodePoint(code));
  return String.fromCharCode(...Array.from(bytes.subarray(0, -1), (byte) => first + byte));
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

function decodeBroken(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes[at]!);
    let end = at;
    while (end < bytes.length && bytes[end]! < 0x80) end++;
    if (end === at) end = Math.min(at + length, bytes.length);
    try {
      parts.push(decoder.decode(bytes.subarray(at, end)));
      at = end;
    } catch {
      parts.push(String.fromCharCode(first + bytes[at]!));
      at++;
    }
  }
  return parts.join("");
}

function characterLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}
