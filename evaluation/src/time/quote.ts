// Texts as Go's package time quotes them in its errors: every byte beyond ASCII and every control character as `\x..`.
import { encodeBytes } from "../rego-text.ts";

/** The bytes of a text, one character for each. */
export function bytesOf(text: string): string {
  return Array.from(encodeBytes(text), (byte) => String.fromCharCode(byte)).join("");
}

export function quoteBytes(bytes: string): string {
  const quoted = Array.from(bytes, (char) => {
    if (char < " " || char >= "\x80") return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
    return char === '"' || char === "\\" ? `\\${char}` : char;
  });
  return `"${quoted.join("")}"`;
}

export const quoteForTime = (text: string): string => quoteBytes(bytesOf(text));
