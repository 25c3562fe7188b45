// Which characters HOCON treats specially: whitespace, text that needs quotes, the starts of numbers.

const FORBIDDEN = '$"{}[]:=,+#`^?!@*&\\';
const NUMBER = "0123456789eE+-.";

const SPACE = 1;
const RESERVED = 2;
const NUMERIC = 4;

const ASCII = new Uint8Array(128);
for (const code of [9, 10, 11, 12, 13, 28, 29, 30, 31, 32]) ASCII[code] = SPACE;
for (const char of FORBIDDEN) ASCII[char.charCodeAt(0)]! |= RESERVED;
for (const char of NUMBER) ASCII[char.charCodeAt(0)]! |= NUMERIC;

/** Java's whitespace, the no-break spaces and the byte order mark; a newline counts as well. */
export function isSpace(code: number): boolean {
  if (code < 128) return (ASCII[code]! & SPACE) !== 0;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** Characters that cannot stand in unquoted text. */
export function isReserved(code: number): boolean {
  return code < 128 && (ASCII[code]! & RESERVED) !== 0;
}

/** Characters that a token starting with a digit or `-` swallows. */
export function isNumeric(code: number): boolean {
  return code < 128 && (ASCII[code]! & NUMERIC) !== 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
