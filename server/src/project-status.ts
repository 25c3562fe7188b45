// How a project stands, layer by layer: what its check found, then how its expected decisions and tests ended.
import type { ProjectDiagnostics } from "#features/diagnostics.ts";
import type { ProjectTest } from "#features/tests.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Layer, StatusParams, TestOutcome } from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";

/** What is not known by checking. */
export interface BesideChecking {
  /** What decisions, tests and lint were before. */
  readonly before: StatusParams | undefined;
  /** True where nothing is evaluated. */
  readonly isOff: boolean;
  readonly lints: boolean;
}

/** After a check. */
export function checkedStatus(
  project: Project,
  uri: string,
  found: ProjectDiagnostics,
  { before, isOff, lints }: BesideChecking,
): StatusParams {
  const { syntaxErrors, errors, warnings } = counted(found);
  const isRun = syntaxErrors + errors === 0 && !isOff;
  const awaited = (old: Layer | undefined): Layer => (isRun ? (old ?? layer("unknown")) : outdated(old));
  return {
    root: uri,
    busy: isRun,
    rules: project.policies.reduce((sum, file) => sum + project.parsed(file).module.rules.length, 0),
    syntax: layer(syntaxErrors > 0 ? "errors" : "ok", syntaxErrors, 0, found.syntaxMs),
    // What cannot be read is not checked: that nothing else was found says little.
    compile:
      syntaxErrors > 0 && errors + warnings === 0
        ? outdated(before?.compile)
        : layer(errors > 0 ? "errors" : warnings > 0 ? "warnings" : "ok", errors, warnings, found.compileMs),
    lint: lints ? (before?.lint ?? layer("unknown")) : layer("off"),
    decisions: awaited(before?.decisions),
    tests: awaited(before?.tests),
    passed: before?.passed ?? 0,
    total: before?.total ?? 0,
  };
}

/** After lint rules had their say. */
export function lintedStatus(before: StatusParams, findings: readonly Diagnostic[], ms: number): StatusParams {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return { ...before, lint: layer(errors > 0 ? "errors" : warnings > 0 ? "warnings" : "ok", errors, warnings, ms) };
}

/** When nothing could be run, and the wait is over. */
export function unrunStatus(before: StatusParams): StatusParams {
  return { ...before, busy: false, decisions: outdated(before.decisions), tests: outdated(before.tests) };
}

/** `findings` are those of expected decisions: each stands at its sample and at its expectation, as the Problems view counts. */
export function testedStatus(
  before: StatusParams,
  tests: readonly ProjectTest[],
  outcomes: readonly TestOutcome[],
  findings: number,
  ms: number,
): StatusParams {
  const ended = (kind: ProjectTest["kind"]): { readonly total: number; readonly failed: number } => {
    const own = tests.map((test, at) => ({ test, outcome: outcomes[at]!.outcome })).filter(({ test }) => test.kind === kind);
    return { total: own.length, failed: own.filter(({ outcome }) => outcome !== "passed").length };
  };
  const expected = ended("expected");
  const rules = ended("rule");
  return {
    ...before,
    busy: false,
    decisions: expected.total === 0 ? layer("off") : layer(expected.failed > 0 ? "errors" : "ok", findings, 0, ms),
    tests: rules.total === 0 ? layer("off") : layer(rules.failed > 0 ? "errors" : "ok", rules.failed, 0, ms),
    passed: rules.total - rules.failed,
    total: rules.total,
  };
}

function counted({ byFile }: ProjectDiagnostics): { syntaxErrors: number; errors: number; warnings: number } {
  const counts = { syntaxErrors: 0, errors: 0, warnings: 0 };
  for (const [path, diagnostics] of byFile) {
    for (const { severity, code } of diagnostics) {
      if (severity === "warning") counts.warnings += 1;
      else if (severity === "error" && (code === "rego_parse_error" || !path.endsWith(".rego"))) counts.syntaxErrors += 1;
      else if (severity === "error") counts.errors += 1;
    }
  }
  return counts;
}

function layer(state: Layer["state"], errors = 0, warnings = 0, ms = 0): Layer {
  return { state, errors, warnings, ms };
}

/** What is left of a layer when its text has changed and nothing is run. */
function outdated(old: Layer | undefined): Layer {
  return old === undefined || old.state === "off" ? layer("unknown") : { ...old, state: "stale" };
}
