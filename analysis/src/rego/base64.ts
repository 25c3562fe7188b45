// Text as the base64 of its bytes, which is how Go writes bytes in JSON.
import { encodePolicy } from "#grammars/text/broken-bytes.ts";

export function base64Of(text: string): string {
  const bytes = text.isWellFormed() ? new TextEncoder().encode(text) : encodePolicy(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
