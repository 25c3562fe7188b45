// Evaluating a query, a rule or a selection: its value, trace, profile, coverage, and what is left of it while documents are unknown.
import type { Range } from "./places.ts";

export interface EvaluateParams {
  readonly uri: string;
  /** Query text; else the rule at `range`; else the package. */
  readonly query?: string;
  readonly range?: Range;
  readonly sample?: string;
  /** What the sample is resolved with; null for no profile, left out for the chosen one. */
  readonly profile?: string | null;
  /** Input as JSON text. */
  readonly input?: string;
}

export interface EvaluateResult {
  readonly query: string;
  /** The value as indented JSON text; undefined when the query is. */
  readonly value?: string;
  readonly undefined?: boolean;
  readonly error?: string;
  readonly prints: readonly string[];
  readonly ms: number;
  /** The name of the input used, or "no input". */
  readonly inputUsed: string;
  /** The same question for a terminal. */
  readonly commandLine: string;
}
export const evaluate = "rw/evaluate";

/** A line about an evaluation, and the place in a policy that it is about. */
export interface ToldLine {
  readonly text: string;
  /** How many lines above stand around it. */
  readonly depth: number;
  readonly uri?: string;
  readonly line?: number;
}

export interface TellParams extends EvaluateParams {
  /** All that happened, or where the time went. */
  readonly how: "trace" | "profile";
}

export interface TellResult extends EvaluateResult {
  readonly lines: readonly ToldLine[];
  /** There was more than is told. */
  readonly isCut: boolean;
}

/** An evaluation told line by line. */
export const tell = "rw/tell";

export interface ReachedPolicy extends PolicyCoverage {
  /** Missing too, as OPA's rule index or an early exit leaves it out. */
  readonly excluded: readonly Range[];
}

export interface CoverageResult extends EvaluateResult {
  /** Of the policies in which something was reached. */
  readonly policies: readonly ReachedPolicy[];
}

/** What an evaluation reaches; its parameters are those of `evaluate`. */
export const coverage = "rw/coverage";

/** What tests reach of one policy: expressions and heads of rules, each a range. */
export interface PolicyCoverage {
  readonly uri: string;
  readonly covered: readonly Range[];
  readonly missing: readonly Range[];
}

/** Client → server: what is left of a query while documents are not known; without `unknowns`, what may be. */
export interface PartialParams extends Pick<EvaluateParams, "uri" | "query" | "range" | "sample" | "profile"> {
  /** Paths of `input` and `data`. */
  readonly unknowns?: readonly string[];
}

export interface PartialResult {
  readonly query: string;
  /** Paths that the query reads, for a choice. */
  readonly possible: readonly string[];
  /** The sample that says what of the input is known. */
  readonly inputUsed: string;
  /** Rego. */
  readonly text?: string;
  readonly problem?: string;
}
export const partial = "rw/partial";
