// `rw lint`: what Regal's rules find in policies, with Regal's configuration, flags, formats and exit codes.
import type { CustomFindings } from "#features/rego/custom-rules.ts";
import { type LintFinding, looksAtDecisions } from "#lint/lint.ts";
import { noticesOf } from "#lint/notices.ts";
import { type Command, type Invocation, usageError } from "../command.ts";
import { ruleFlags } from "../lint/flags.ts";
import { compactReport } from "../lint/formats/compact.ts";
import { githubReport } from "../lint/formats/github.ts";
import { jsonReport } from "../lint/formats/json.ts";
import { junitReport } from "../lint/formats/junit.ts";
import { prettyReport } from "../lint/formats/pretty.ts";
import { sarifReport } from "../lint/formats/sarif.ts";
import { findingsOf, type LintRun, startLinting } from "../lint/run.ts";
import { type LintReport, violationsOf } from "../lint/violation.ts";

const formats = ["pretty", "compact", "json", "github", "sarif", "junit"] as const;

export const lint: Command = {
  name: "lint",
  usage: "lint <path> [path [...]] [flags]",
  summary: "Lint policies: bugs, style, and what can be said better",
  details: `Rules, levels and files to leave out are configured in .regal/config.yaml or .regal.yaml, found from the
first path upwards, and by the key lint of rw.conf, which wins. A comment "# regal ignore:rule-name" switches a rule off for the line that it stands
on and the line below. Exit code 3: errors were found; 2: warnings, with --fail-level warning.`,
  flags: [
    ...ruleFlags,
    {
      name: "fail-level",
      short: "l",
      kind: "string",
      choices: ["error", "warning"],
      default: "error",
      help: "set level at which to fail with a non-zero exit code",
    },
    { name: "format", short: "f", kind: "string", choices: formats, default: "pretty", help: "set output format" },
    { name: "output-file", short: "o", kind: "string", placeholder: "path", help: "write the report to a file" },
  ],
  run: async (call) => {
    const { io } = call;
    if (call.positionals.length === 0) {
      io.err(usageError(lint, "at least one file or directory must be provided for linting"));
      return 1;
    }
    const run = await startLinting(call);
    if ("fault" in run) {
      io.err(`${run.fault}\n`);
      return 1;
    }
    const { files } = run.sources;
    const custom = await customRuleFindings(run);
    if (custom.faults.length > 0) {
      io.err(`${custom.faults.join("\n")}\n`);
      return 1;
    }
    const findings = [...findingsOf(files, run.active), ...custom.findings, ...(await findingsAboutDecisions(call, run))];
    const { categories } = run.found.config;
    const notices = noticesOf(files, run.active, ({ name, category }) => categories.get(category)?.rules.has(name) === true);
    const report = { violations: violationsOf(findings), filesScanned: files.length, notices };
    const target = call.flag("output-file");
    const hasColours = target === undefined && io.terminal && !call.on("no-color") && io.env["NO_COLOR"] === undefined;
    const text = written(report, call.flag("format") as (typeof formats)[number], hasColours);
    if (target === undefined) io.out(text);
    else io.writeFile(target, text);
    return exitCode(report, call.flag("fail-level") === "warning");
  },
};

/** Policies are evaluated for those who have such rules; all others need not even read how. */
async function customRuleFindings({ sources, custom, found, flags }: LintRun): Promise<CustomFindings> {
  if (custom === undefined) return { findings: [], faults: [] };
  const { findingsOfCustomRules } = await import("../lint/custom.ts");
  return findingsOfCustomRules(sources.files, custom, found, flags);
}

async function findingsAboutDecisions(call: Invocation, run: LintRun): Promise<readonly LintFinding[]> {
  if (!looksAtDecisions(run.active)) return [];
  const { decisionFindings } = await import("../lint/decisions.ts");
  return decisionFindings(call, run);
}

function written(report: LintReport, format: (typeof formats)[number], hasColours: boolean): string {
  switch (format) {
    case "pretty":
      return prettyReport(report, hasColours);
    case "compact":
      return compactReport(report);
    case "json":
      return jsonReport(report);
    case "github":
      return githubReport(report, hasColours);
    case "sarif":
      return sarifReport(report);
    case "junit":
      return junitReport(report);
  }
}

function exitCode({ violations }: LintReport, failsAtWarnings: boolean): number {
  if (violations.some(({ level }) => level === "error")) return 3;
  return failsAtWarnings && violations.length > 0 ? 2 : 0;
}
