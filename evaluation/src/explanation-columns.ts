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

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

/** The column that tells what the variables were. */
export function valuesCell(seen: readonly (readonly [name: string, value: string])[]): string {
  return `{${seen.map(([name, value]) => `${name}: ${cut(termText(value), longestValue)}`).join(", ")}}`;
}

/** Rows of cells as lines. `gap` stands before each cell: the report of a test has its indentation there. */
export function inColumns(rows: readonly (readonly string[])[], gap = ""): readonly string[] {
  const widths = [0, 1].map((at) => rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0) + columnPadding);
  return rows.map((row) => row.map((cell, at) => gap + (at < row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell)).join(""));
}
