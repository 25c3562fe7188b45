// Bytes to text as the reference reads files: always as UTF-8, whatever is not becomes U+FFFD.

export interface DecodedText {
  readonly text: string;
  /** Line (from 1) of the first bytes that are not UTF-8; undefined when all are. */
  readonly malformedLine: number | undefined;
}

/** Decodes a file. A byte order mark stays: it is whitespace. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), malformedLine: undefined };
  } catch {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(joinSurrogates(bytes));
    return { text, malformedLine: text.slice(0, text.indexOf("\uFFFD")).split("\n").length };
  }
}

/** Java replaces an encoded surrogate (three bytes) by one character, browsers by three: keep one byte of each. */
function joinSurrogates(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    out[length++] = bytes[at]!;
    if (bytes[at] === 0xed && isBetween(bytes[at + 1], 0xa0, 0xbf) && isBetween(bytes[at + 2], 0x80, 0xbf)) at += 2;
  }
  return out.subarray(0, length);
}

function isBetween(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}
