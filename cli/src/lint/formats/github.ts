// The report for people, with a workflow command of GitHub for each finding below it.
import { workflowCommand } from "../../workflow-command.ts";
import { documentationOf, type LintReport } from "../violation.ts";
import { prettyReport } from "./pretty.ts";

export function githubReport(report: LintReport, hasColours: boolean): string {
  const commands = report.violations.map((violation) => {
    const { level, file, row, col, description } = violation;
    const page = documentationOf(violation);
    const message = page === undefined ? description : `${description}. To learn more, see: ${page}`;
    return workflowCommand(level, { file, line: row, col }, message);
  });
  return prettyReport(report, hasColours) + commands.join("");
}
