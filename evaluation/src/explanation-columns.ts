// What explanations have in common, whoever tells the events: which are asked for, and lines in columns.
import { termText } from "./rego-text.ts";

export type Explain = "off" | "full" | "debug" | "notes" | "fails" | "default";

/** The kinds of events that are asked for, undefined for all; `default` is what a verbose report of tests shows. */
export function wantedOps(how: Explain): readonly ("Note" | "Fail")[] | undefined {
  switch (how) {
    case "notes":
      return ["Note"];
    case "fails":
      return ["Fail"];
    case "default":
      return ["Note", "Fail"];
    case "off":
    case "full":
    case "debug":
      return undefined;
  }
}

/** Characters of a value in its column. */
const longestValue = 32;
/** Blanks between the columns. */
const columnPadding = 5;

/** OPA counts bytes. */
export function cut(text: string, most: number): string {
  const bytes = encoder.encode(text);
  return bytes.length <= most ? text : `${new TextDecoder().decode(bytes.subarray(0, most - 3))}...`;
}

const encoder = new TextEncoder();

/** The column that tells what the variables were. */
export function valuesCell(seen: readonly (readonly [name: string, value: string])[]): string {
  return `{${seen.map(([name, value]) => `${name}: ${cut(termText(value), longestValue)}`).join(", ")}}`;
}

/** Rows of cells as lines. `gap` stands before each cell: the report of a test has its indentation there. */
export function inColumns(rows: readonly (readonly string[])[], gap = ""): readonly string[] {
  // As wide as the longest cell has bytes; filled by characters.
  const bytesOf = (cell = ""): number => encoder.encode(cell).length;
  const widths = [0, 1].map((at) => rows.reduce((most, row) => Math.max(most, bytesOf(row[at])), 0) + columnPadding);
  const filled = (cell: string, width = 0): string => cell + " ".repeat(Math.max(0, width - [...cell].length));
  return rows.map((row) => row.map((cell, at) => gap + (at < row.length - 1 ? filled(cell, widths[at]) : cell)).join(""));
}
