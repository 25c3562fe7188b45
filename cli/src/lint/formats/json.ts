// The report as Regal's `--format json`.
import { goJson } from "../../errors.ts";
import { documentationOf, failedFiles, type LintReport, skippedRules, type Violation } from "../violation.ts";

export function jsonReport(report: LintReport): string {
  const summary = {
    files_scanned: report.filesScanned,
    files_failed: failedFiles(report),
    rules_skipped: skippedRules(report).length,
    num_violations: report.violations.length,
  };
  const notices = report.notices.map(({ title, category, description, severity }) => ({
    ...{ title, description, category, level: "notice", severity },
  }));
  const told = notices.length === 0 ? {} : { notices };
  return `${goJson({ violations: report.violations.map(jsonViolation), ...told, summary })}\n`;
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
