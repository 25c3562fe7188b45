// What rules about decisions know of a project besides its policies: its entrypoints and samples, and what evaluating those and the tests came to.
import type { Expr, Range, Rule } from "#grammars/rego/ast.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { LintFile } from "./lint-file.ts";

/** A text that something is found in: a policy or a sample. */
export interface LintDocument {
  readonly path: string;
  /** The whole path, with slashes; undefined for a text that has none. */
  readonly absolutePath: string | undefined;
  readonly lines: LineIndex;
}

export interface Decisions {
  readonly files: readonly LintFile[];
  /** The rules that are decisions: `data.orders.allow`. */
  readonly entrypoints: readonly string[];
  readonly samples: readonly DecidedSample[];
  /** Undefined where there is nothing to evaluate, or policies have errors. */
  readonly evaluated: Evaluated | undefined;
  /** How many members the largest collection at a path has, in the base document or a sample: `["input", "items"]`. */
  sizeAt(path: readonly string[]): number;
}

export interface DecidedSample {
  readonly document: LintDocument;
  /** What it writes itself, in its order: each element of each key. Items of lists are not counted. */
  readonly keys: readonly { readonly path: readonly string[]; readonly range: Range }[];
  /** Paths whose values it uses in other places of itself. */
  readonly used: readonly (readonly string[])[];
}

export interface Evaluated {
  /** The names of the samples for which an entrypoint is undefined, and nobody said that it is to be. */
  undefinedFor(entrypoint: string): readonly string[];
  /** Whether a clause was true at least once; undefined for one that belongs to no project. */
  hasHeld(file: LintFile, clause: Rule): boolean | undefined;
  /** How often an expression was reached in the evaluation that reached it most, which is that of `by`. */
  reached(file: LintFile, expr: Expr): { readonly count: number; readonly by: string } | undefined;
}
