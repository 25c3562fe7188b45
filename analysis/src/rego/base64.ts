// Text as the base64 of its UTF-8 bytes, which is how Go writes bytes in JSON.

export function base64Of(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
