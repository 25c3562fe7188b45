// Tests: which there are, and how they end.
import type { PolicyCoverage } from "./evaluate.ts";
import type { Range } from "./places.ts";

export interface TestInfo {
  readonly id: string;
  readonly label: string;
  readonly kind: "root" | "package" | "rule" | "case" | "expected";
  readonly uri: string;
  readonly range: Range;
  readonly children: readonly TestInfo[];
}

export interface TestsResult {
  readonly tests: readonly TestInfo[];
}

/** Client → server. */
export const tests = "rw/tests";

/** Server → client: the set of tests may have changed. */
export const testsChanged = "rw/testsChanged";

export interface RunTestsParams {
  /** Empty: all. */
  readonly ids: readonly string[];
  readonly profile?: string;
  /** What of the policies they reach is wanted, too. */
  readonly coverage?: boolean;
}

export interface TestOutcome {
  readonly id: string;
  readonly outcome: "passed" | "failed" | "skipped" | "errored";
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly uri?: string;
  readonly range?: Range;
  readonly output: readonly string[];
  readonly ms: number;
}

export interface RunTestsResult {
  readonly outcomes: readonly TestOutcome[];
  /** Where it was wanted. */
  readonly coverage?: readonly PolicyCoverage[];
}
export const runTests = "rw/runTests";
