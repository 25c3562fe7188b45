// What the library takes and gives.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Texts of policies by the names that problems are told with, such as `authz/policy.rego`. */
export type Policies = Readonly<Record<string, string>>;

export interface LanguageOptions {
  /** The language of policies that do not say it themselves; `v1` unless given. */
  readonly regoVersion?: "v0" | "v1";
}

export interface CheckOptions extends LanguageOptions {
  /** Unused variables and imports are errors too, as with `opa check --strict`. */
  readonly strict?: boolean;
}

/** Something that is wrong in a text; `code` and `message` are OPA's where OPA has them. */
export interface Problem {
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** From 1, columns in code points as OPA counts them. */
  readonly row: number;
  readonly column: number;
  /** UTF-16 units from the beginning of the text, for editors; `end` is behind the last one. */
  readonly start: number;
  readonly end: number;
}

export type Formatted = { readonly text: string } | { readonly problems: readonly Problem[] };

export interface CompileOptions extends CheckOptions {
  /** Rules to be asked: `data.authz.allow`. Those with `entrypoint: true` in their METADATA unless given, else those of usual names, such as `allow`. */
  readonly entrypoints?: readonly string[];
}

export interface Compiled {
  /** Undefined when one of the problems is an error. */
  readonly policy: Policy | undefined;
  readonly problems: readonly Problem[];
}

/** Compiled policies with the data that they ask. Decisions do not touch each other. */
export interface Policy {
  readonly entrypoints: readonly string[];
  /** Replaces the base documents, which are `{}` at first; gives what is wrong with them. */
  setData(data: { readonly [name: string]: Json }): string | undefined;
  /** What an entrypoint is for an input; without one `input` is undefined. */
  decide(entrypoint: string, input?: Json, options?: DecideOptions): Decision;
  /** What is left of a query, such as `data.authz.allow`, while documents are not known. The query holds where one of `queries` does. */
  partial(query: string, options?: PartialOptions): PartialDecision;
  /** The module for any OPA Wasm SDK; the builtins that it imports are `builtins` of it. */
  portable(): Uint8Array;
}

export interface DecideOptions {
  /** What `time.now_ns` gives; now unless given. */
  readonly now?: Date;
  /** The same seed gives the same random numbers and UUIDs. */
  readonly seed?: number;
  /** The first error of a builtin ends the evaluation, as with `--strict-builtin-errors`. */
  readonly strictBuiltinErrors?: boolean;
  /** Loop steps and calls after which an evaluation is given up: 1,000,000,000 unless given, seconds of work. */
  readonly maxSteps?: number;
  /** Asked every millisecond or so: true gives the evaluation up. */
  readonly cancelled?: () => boolean;
}

export interface PartialOptions extends DecideOptions {
  /** What is known of the input; nothing unless given. */
  readonly input?: Json;
  /** Paths of documents that are not known, from `input` or `data` on: `["input"]` unless given, `["data.rows"]` for a filter of rows. */
  readonly unknowns?: readonly string[];
  /** Paths of rules that stay rules. */
  readonly disableInlining?: readonly string[];
  /** All rules that depend on what is not known stay rules. */
  readonly shallowInlining?: boolean;
  /** Builtins whose results vary, such as `time.now_ns`, are called and not left. */
  readonly nondeterministicBuiltins?: boolean;
}

export type PartialDecision = {
  /** What `print` said of what is known. */
  readonly prints: readonly { readonly text: string }[];
} & (
  | {
      readonly kind: "partial";
      /** As Rego, an expression a line: without queries it never holds, and an empty one always does. */
      readonly queries: readonly string[];
      /** The rules that they ask, as modules. */
      readonly support: readonly string[];
      /** The same as trees, `{"queries": [...], "support": [...]}`, as in results of OPA's Compile API. */
      readonly json: string;
    }
  | { readonly kind: "error"; readonly code: string; readonly message: string }
);

export type Decision = {
  /** What `print` said. */
  readonly prints: readonly { readonly text: string; readonly file?: string; readonly row?: number }[];
} & (
  | { readonly kind: "value"; readonly value: Json /** With numbers as exact as they are. */; readonly json: string }
  | { readonly kind: "undefined" }
  | {
      readonly kind: "error";
      /** OPA's code: `eval_conflict_error`, `eval_cancel_error` after too many steps; `rw_limit_error` where memory ends. */
      readonly code: string;
      readonly message: string;
      readonly file?: string;
      readonly row?: number;
      readonly column?: number;
    }
);

export interface HoconOptions {
  /** The name of the file, which says its syntax (`.conf`, `.json`, `.properties`) and where its includes are looked for. */
  readonly file?: string;
  /** What can be included, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What substitutions fall back to; nothing unless given. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Hocon {
  /** Undefined when one of the problems is an error. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
}
