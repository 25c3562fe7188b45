// The decisions of samples as text: a table for people, JUnit XML for build servers.
import { xml } from "./reports.ts";

export interface SampleRow {
  readonly input: string;
  readonly query: string;
  readonly decision: string;
  /** `ok`, `expected …` for a difference, `accepted` where that was one until now, `-` where nothing is expected. */
  readonly expected: string;
  readonly milliseconds: number;
  readonly ok: boolean;
}

/** For people; what a column has no room for stands below, whole. */
export function tableOf(rows: readonly SampleRow[]): string {
  return `${table(rows)}${rows.filter(isCut).map(wholeLine).join("")}`;
}

/** For build servers: a suite for each input, a case for each rule. */
export function junitSamples(rows: readonly SampleRow[]): string {
  const suites = [...Map.groupBy(rows, ({ input }) => input)].map(
    ([input, own]) => `  <testsuite name="${xml(input)}" ${numbers(own)}>\n${own.map(junitCase).join("")}  </testsuite>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${numbers(rows)}>\n${suites.join("")}</testsuites>\n`;
}

function numbers(rows: readonly SampleRow[]): string {
  const seconds = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  return `tests="${rows.length}" failures="${rows.filter(({ ok }) => !ok).length}" time="${seconds.toFixed(6)}"`;
}

function junitCase(row: SampleRow): string {
  const { input, query, milliseconds, ok } = row;
  // A sample that cannot be read is asked for no rule.
  const name = query === "" ? "the sample" : query;
  const attributes = `classname="${xml(input)}" name="${xml(name)}" time="${(milliseconds / 1000).toFixed(6)}"`;
  if (ok) return `    <testcase ${attributes}/>\n`;
  return `    <testcase ${attributes}>\n      <failure message="${xml(whyOf(row))}"/>\n    </testcase>\n`;
}

function table(rows: readonly SampleRow[]): string {
  const cells = rows.map(({ input, query, decision, expected, milliseconds }) => [
    input,
    query,
    cut(decision, mostShown),
    cut(expected, mostShown),
    `${milliseconds.toFixed(2)} ms`,
  ]);
  const all = [["input", "rule", "decision", "expected", "time"], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return `${all.map((row) => row.map((cell, column) => (column === 4 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join("  ")).join("\n")}\n`;
}

/** Columns of a decision, and of what was expected instead. */
const mostShown = 60;

/** A difference, or why there is no decision, that the table has no room for stands below it, whole. */
const isCut = (row: SampleRow): boolean => !row.ok && whyOf(row).length > mostShown;

const wholeLine = (row: SampleRow): string => `${[row.input, row.query].join(" ").trimEnd()}: ${whyOf(row)}\n`;

const whyOf = ({ expected, decision }: SampleRow): string => (expected === "-" ? decision : expected);

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
