// Live decisions and the state of the open policy.
import type { Range } from "./places.ts";

/** What one rule gave under the chosen sample. */
export interface LiveRule {
  /** The head of the rule's first clause: where the value is painted. */
  readonly range: Range;
  /** `data.storage.allow`. */
  readonly path: string;
  readonly name: string;
  /** The value as text, shortened to one line. */
  readonly text: string;
  /** The whole value as indented text. */
  readonly full: string;
  readonly kind: "value" | "undefined" | "error";
  /** True for entrypoints. */
  readonly entrypoint: boolean;
  /** Present when an expected decision names this rule. */
  readonly expected?: { readonly text: string; readonly matches: boolean };
  /** Present when `rw.conf` pins an input to this rule: its name and address. */
  readonly pinned?: { readonly name: string; readonly uri: string };
}

/** Server → client, after every evaluation. */
export interface LiveParams {
  readonly uri: string;
  readonly version: number | undefined;
  readonly root: string;
  readonly package: string;
  readonly sample: string | undefined;
  readonly sampleUri: string | undefined;
  readonly profile: string | undefined;
  /** True when the text has faults and the values belong to an earlier version. */
  readonly stale: boolean;
  /** When the values were computed, in milliseconds since 1970. */
  readonly at: number;
  readonly rules: readonly LiveRule[];
  readonly prints: readonly { readonly line: number; readonly text: string }[];
  readonly ms: number;
  /** Set when nothing could be evaluated: one sentence. */
  readonly problem?: string;
}
export const live = "rw/live";

export interface Layer {
  readonly state: "unknown" | "ok" | "warnings" | "errors" | "stale" | "off";
  readonly errors: number;
  readonly warnings: number;
  readonly ms: number;
}

/** Server → client, when the state of a project changed. */
export interface StatusParams {
  readonly root: string;
  readonly busy: boolean;
  readonly rules: number;
  readonly syntax: Layer;
  readonly compile: Layer;
  readonly lint: Layer;
  readonly decisions: Layer;
  readonly tests: Layer;
  readonly passed: number;
  readonly total: number;
}
export const status = "rw/status";

/** Server → client, once: most policies of a project can be read as Rego v0 and not as v1, and no setting says which they are. */
export interface OldDialectParams {
  readonly root: string;
  readonly old: number;
  readonly all: number;
}
export const oldDialect = "rw/oldDialect";
