// Texts as Go's package time quotes them in its errors: every byte beyond ASCII and every control character as `\x..`.
import { encodeBytes } from "../rego-text.ts";

export function quoteForTime(text: string): string {
  const quoted = Array.from(encodeBytes(text), (byte) => {
    const char = String.fromCharCode(byte);
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, "0")}`;
    return char === '"' || char === "\\" ? `\\${char}` : char;
  });
  return `"${quoted.join("")}"`;
}
