// The report for people: what was found, where, the line, and how much of it `rw fix` can mend.
import { counted, documentationOf, failedFiles, type LintReport, placeText, skippedRules, type Violation } from "../violation.ts";

type Paint = (text: string) => string;

interface Colours {
  readonly label: Paint;
  readonly place: Paint;
  readonly error: Paint;
  readonly warning: Paint;
}

const plain: Paint = (text) => text;
const escaped =
  (code: number): Paint =>
  (text) =>
    `\u001b[${code}m${text}\u001b[0m`;
const coloured: Colours = { label: escaped(33), place: escaped(36), error: escaped(31), warning: escaped(33) };
const uncoloured: Colours = { label: plain, place: plain, error: plain, warning: plain };

/** Characters of a line that are shown. */
const mostText = 117;

export function prettyReport(report: LintReport, hasColours: boolean): string {
  const { violations } = report;
  const table = violations.map((violation) => block(violation, hasColours)).join("\n");
  return `${table}${violations.length > 0 ? "\n" : ""}${summary(report)}${skipped(report)}\n${hint(violations)}`;
}

function block(violation: Violation, hasColours: boolean): string {
  const { title, level, description, category, text } = violation;
  const colours = hasColours ? coloured : uncoloured;
  const page = documentationOf(violation);
  const rows: readonly (readonly [string, string] | undefined)[] = [
    ["Rule:", title],
    // Without colours the level would not be seen.
    hasColours ? undefined : ["Level:", level],
    ["Description:", (level === "warning" ? colours.warning : colours.error)(description)],
    ["Category:", category],
    ["Location:", colours.place(placeText(violation))],
    text === undefined ? undefined : ["Text:", text.length > mostText ? `${text.slice(0, mostText)}...` : text.trim()],
    page === undefined ? undefined : ["Documentation:", colours.place(page)],
  ];
  return rows
    .filter((row) => row !== undefined)
    .map(([label, value]) => `${colours.label(label)}${" ".repeat("Documentation:".length - label.length)} ${value}\n`)
    .join("");
}

function summary(report: LintReport): string {
  const { violations, filesScanned } = report;
  const scanned = `${counted(filesScanned, "file")} linted.`;
  if (violations.length === 0) return `${scanned} No violations found.`;
  const warnings = violations.filter(({ level }) => level === "warning").length;
  const levels = warnings === 0 ? "" : ` (${counted(violations.length - warnings, "error")}, ${counted(warnings, "warning")})`;
  const failed = filesScanned > 1 ? ` in ${counted(failedFiles(report), "file")}` : "";
  return `${scanned} ${counted(violations.length, "violation")}${levels} found${failed}.`;
}

function skipped(report: LintReport): string {
  const rules = skippedRules(report);
  const lines = rules.map(({ title, description }) => `\n- ${title}: ${description}`);
  return rules.length === 0 ? "" : ` ${counted(rules.length, "rule")} skipped:${lines.join("")}`;
}

function hint(violations: readonly Violation[]): string {
  const fixable = violations.filter(({ hasFix }) => hasFix);
  if (fixable.length === 0) return "";
  const rules = [...new Set(fixable.map(({ title }) => title))].sort().join(", ");
  return `
Hint: ${fixable.length}/${violations.length} violations can be automatically fixed (${rules})
      Run rw fix --help for more details.
`;
}
