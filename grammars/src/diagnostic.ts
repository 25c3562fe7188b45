// A finding about a text, in the shape that every phase returns: data, never an exception.
import type { Range } from "./rego/ast.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** A place in some file, for "declared here" and the like. */
export interface RelatedPlace {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

/** A replacement of text that cures (part of) a diagnostic. */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly preferred?: boolean;
  /** The path that the file itself moves to. */
  readonly moveTo?: string;
}

export interface Diagnostic {
  readonly file: string;
  readonly range: Range;
  readonly severity: Severity;
  /** OPA's code where OPA has one: `rego_parse_error`, `rego_unsafe_var_error`; `hocon_…` for HOCON. */
  readonly code: string;
  /** Who says it, where the code does not tell: `regal/style`. */
  readonly source?: string;
  /** The address of a page about it, for clients that do not have our own pages. */
  readonly page?: string;
  /** OPA's message, verbatim, where OPA has one. */
  readonly message: string;
  /** One sentence of ours for the reader, after OPA's message. */
  readonly explanation?: string;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly QuickFix[];
  /** OPA's `details` object of `--format json`, where OPA gives one. */
  readonly details?: unknown;
  /** The lines that OPA prints below the message. */
  readonly lines?: readonly string[];
  /** Where OPA's report has it, if that is not where it is. */
  readonly reported?: Range;
  /** True where OPA's report has no location: the range is for editors only. */
  readonly placeless?: boolean;
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
}
