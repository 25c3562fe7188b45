// The hash by which a run is known, and what it saw.

/** SHA-256 in hexadecimal digits; of a text, of its UTF-8. Node's crypto takes 6 ms to load: it is for those who ask, and few commands keep runs. */
export function sha256(content: string | Uint8Array): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", content, "hex");
}
