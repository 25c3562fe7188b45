// Why a rule is what it is, what would change that, and what decisions read.
import type { EvaluateParams } from "./evaluate.ts";
import type { Range } from "./places.ts";

export interface WhyParams extends Pick<EvaluateParams, "uri" | "query" | "range" | "sample" | "profile" | "input"> {
  /** Of a set or an object: why this is in it or is a key of it, or is not. A constant of Rego, or a text. */
  readonly member?: string;
}

/** What `detail` says, for who has words of their own. */
export type WhySays =
  /** What was seen; without a title it is that of the row itself. */
  | { readonly kind: "values"; readonly values: readonly { readonly title?: string; readonly value: string }[] }
  | { readonly kind: "undefined" }
  | { readonly kind: "leftOut" }
  /** What a clause gives is not that, in so many tries. */
  | { readonly kind: "isNot"; readonly member: string; readonly tries?: number }
  /** So many of all tries came so far. */
  | { readonly kind: "came"; readonly came: number; readonly tries: number };

/** A rule, a clause, an expression of one, or what is to be known of them. */
export interface WhyRow {
  readonly kind: "rule" | "clause" | "default" | "else" | "expression" | "key" | "nearest" | "again";
  readonly mark?: "held" | "failed" | "unreached";
  readonly label: string;
  readonly detail: string;
  readonly says?: WhySays;
  /** Of the nearest try, what it was. */
  readonly seen?: readonly { readonly title?: string; readonly value: string }[];
  readonly uri?: string;
  readonly range?: Range;
  /** The first expression of its clause that did not hold. */
  readonly isFirstFailure?: true;
  readonly children: readonly WhyRow[];
}

export interface WhyResult {
  /** `data.storage.allow`. */
  readonly query: string;
  /** The name of the input, or that there is none. */
  readonly inputUsed: string;
  /** The rule with its value, below it its clauses: what held (✓), what failed (✗) and on what, what was not reached (○). */
  readonly text: string;
  /** The first line of the text, and the rest as a tree; not where there is a problem. */
  readonly head?: string;
  /** What the head says: the rule with its value, or whether a member is in it. */
  readonly asked?: {
    readonly rule: string;
    readonly value?: string;
    readonly member?: { readonly text: string; readonly isIn: boolean };
  };
  readonly tree?: readonly WhyRow[];
  /** Of a rule that gathers a set or an object: what can be asked about, as JSON. */
  readonly members?: readonly string[] | undefined;
  /** Why nothing can be told. */
  readonly problem?: string;
}
export const why = "rw/why";

/** A change of an input: another value, one more element, one key less; what was there before, where something was. */
export interface InputChange {
  readonly kind: "set" | "add" | "remove";
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
  /** `input.user.role`. */
  readonly name: string;
  readonly before?: unknown;
}

/** Client → server: the smallest changes of the input that make the rule true, or put the member into it; each was tried. */
export interface WhatIfResult {
  readonly proposals: readonly (readonly InputChange[])[];
  /** The sample that they can be applied to. */
  readonly sample?: string;
  /** True where there was no time to try all. */
  readonly isCut: boolean;
}
export const whatIf = "rw/whatIf";

/** Client → server: changes the sample, where that makes the rule true; undo takes it back. */
export interface ApplyWhatIfParams extends WhyParams {
  readonly changes: readonly Pick<InputChange, "kind" | "path" | "value">[];
}

export type ApplyWhatIfResult = { readonly uri: string } | { readonly problem: string };
export const applyWhatIf = "rw/applyWhatIf";

export interface DependenciesParams {
  /** Any file of the project; with a range, the rule that stands there is told too. */
  readonly uri: string;
  readonly range?: Range;
}

/** A decision, what kind of thing it reads, or one of these; packages that import each other. */
export interface DependencyRow {
  readonly kind: "decision" | "inputs" | "documents" | "rules" | "rule" | "input" | "data" | "circles" | "circle" | "import";
  readonly label: string;
  /** One of several that a reference with a variable can lead to. */
  readonly isDynamic?: boolean;
  readonly uri?: string;
  readonly range?: Range;
  readonly children: readonly DependencyRow[];
}

export interface DependenciesResult {
  readonly rows: readonly DependencyRow[];
  /** The rule at the range. */
  readonly asked?: string;
  /** The same as documents. */
  readonly markdown: string;
  readonly json: string;
  readonly mermaid: string;
}
export const dependencies = "rw/dependencies";
