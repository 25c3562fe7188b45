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

export interface ShownTests {
  /** In the order of the tests; undefined where none is known. */
  readonly outcomes: readonly (TestOutcome | undefined)[];
  /** The ids of tests that an error of a policy keeps from running. */
  readonly stopped: ReadonlySet<string>;
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

/** Of what an error keeps from running the outcome is the last one. `findings` are those of expected decisions: each stands at its sample and at its expectation, as the Problems view counts. */
export function testedStatus(
  before: StatusParams,
  tests: readonly ProjectTest[],
  { outcomes, stopped }: ShownTests,
  findings: number,
  ms: number,
): StatusParams {
  const ended = (kind: ProjectTest["kind"]): Record<"total" | "passed" | "failed" | "wrong" | "stopped", number> => {
    const own = tests.flatMap((test, at) => (test.kind === kind ? [{ id: test.id, outcome: outcomes[at]?.outcome }] : []));
    const passed = own.filter(({ outcome }) => outcome === "passed").length;
    const isWrong = ({ outcome }: (typeof own)[number]): boolean => outcome !== undefined && outcome !== "passed";
    const failed = own.filter(isWrong).length;
    const wrong = own.filter((one) => isWrong(one) && !stopped.has(one.id)).length;
    return { total: own.length, passed, failed, wrong, stopped: own.filter(({ id }) => stopped.has(id)).length };
  };
  const state = ({ total, wrong, stopped: halted }: ReturnType<typeof ended>): Layer["state"] =>
    total === 0 ? "off" : wrong > 0 ? "errors" : halted > 0 ? "stale" : "ok";
  const expected = ended("expected");
  const rules = ended("rule");
  return {
    ...before,
    busy: false,
    decisions: layer(state(expected), expected.total === 0 ? 0 : findings, 0, expected.total === 0 ? 0 : ms),
    tests: layer(state(rules), rules.failed, 0, rules.total === 0 ? 0 : ms),
    passed: rules.passed,
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
