// Secrets that an operator hands over in files.
import { readFileSync } from "node:fs";

/** Reads a small text file of an operator's, such as a token; trims it. */
export function readSecret(path: string): string {
  return readFileSync(path, "utf8").trim();
}
