// The report as Regal's `--format json`.
import { goJson } from "../../errors.ts";
import { documentationOf, failedFiles, type LintReport, type Violation } from "../violation.ts";

export function jsonReport(report: LintReport): string {
  const summary = {
    files_scanned: report.filesScanned,
    files_failed: failedFiles(report),
    rules_skipped: 0,
    num_violations: report.violations.length,
  };
  return `${goJson({ violations: report.violations.map(jsonViolation), summary })}\n`;
}

function jsonViolation(violation: Violation): object {
  const { title, description, category, level, file, row, col, end, text } = violation;
  const page = documentationOf(violation);
  return {
    title,
    description,
    category,
    level,
    ...(page === undefined ? {} : { related_resources: [{ description: "documentation", ref: page }] }),
    location: { ...(end === undefined ? {} : { end }), ...(text ? { text } : {}), file, col, row },
  };
}
