// The report as one table.
import { boxTable } from "../../box-table.ts";
import { counted, type LintReport, placeText } from "../violation.ts";

export function compactReport({ violations, filesScanned }: LintReport): string {
  if (violations.length === 0) return "\n";
  const rows = violations.map((violation) => [placeText(violation), violation.description]);
  const table = boxTable(["LOCATION", "DESCRIPTION"], rows);
  return `${table}${counted(filesScanned, "file")} linted, ${counted(violations.length, "violation")} found.\n`;
}
