// What expected decisions that ended otherwise are told as, and how many of each rule hold.
import type { ExpectedTest, ProjectTest } from "#features/tests.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { TestOutcome } from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";

/** The expected decisions among tests, with those of their outcomes that are known. */
export function expectedOutcomes(
  tests: readonly ProjectTest[],
  outcomes: readonly (TestOutcome | undefined)[],
): readonly { readonly test: ExpectedTest; readonly outcome: TestOutcome }[] {
  return tests.flatMap((test, at) => {
    const outcome = outcomes[at];
    return test.kind === "expected" && outcome !== undefined ? [{ test, outcome }] : [];
  });
}

/** Wrong decisions, said at their samples and at their expectations. */
export function expectedFindings(
  project: Project,
  profile: string | undefined,
  outcomes: ReturnType<typeof expectedOutcomes>,
): readonly Diagnostic[] {
  return outcomes.flatMap(({ test, outcome }) => {
    const { sample, expectation } = test;
    if (outcome.outcome === "passed") return [];
    // A sample that cannot be resolved has said so itself, where it is to be mended.
    if (project.inputs.json(sample, expectation.profile ?? profile) === undefined) return [];
    const message = `${expectation.query} ${outcome.message ?? ""}`;
    const base = { severity: "error" as const, code: "rw_decision", message };
    return [
      { ...base, file: test.file, range: test.range },
      { ...base, file: sample.file.path, range: firstLine(sample.file.text) },
    ];
  });
}

/** How many samples decide as expected, by rule. */
export function expectedCounts(
  outcomes: ReturnType<typeof expectedOutcomes>,
): ReadonlyMap<string, { readonly passed: number; readonly failed: number }> {
  const counts = new Map<string, { passed: number; failed: number }>();
  for (const { test, outcome } of outcomes) {
    const count = counts.get(test.expectation.query) ?? { passed: 0, failed: 0 };
    counts.set(test.expectation.query, count);
    if (outcome.outcome === "passed") count.passed += 1;
    else count.failed += 1;
  }
  return counts;
}

/** The first line that is no comment. */
function firstLine(text: string): Diagnostic["range"] {
  const found = /^[ \t]*(?!#|\/\/)\S.*$/mu.exec(text);
  const start = found?.index ?? 0;
  return { start, end: start + (found?.[0] ?? text.split("\n", 1)[0]!).length };
}
