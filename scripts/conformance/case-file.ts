// The text of a case file as its entries.
import { readExact } from "./exact-json.ts";
import type { CaseFile } from "./format.ts";

/** A text instead of the file says what is wrong with it. */
export function parseCases(path: string, source: string): CaseFile | string {
  const lines = path.endsWith(".jsonl");
  try {
    const content = lines
      ? source
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map((line) => readExact(line))
      : readExact(source);
    return { path, content, lines };
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
