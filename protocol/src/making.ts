// Files that are made or written anew: policies, samples, tests, expectations, schemas, mocks, another dialect.
import type { Position } from "./places.ts";

export interface NewFilesParams {
  readonly kind: "decision" | "library" | "test" | "data" | "sample";
  /** A package, as `authz.orders`; for a sample its name. */
  readonly name: string;
}

/** What to write, the one to show first at the front; or why the name cannot be. */
export interface NewFilesResult {
  readonly files: readonly {
    /** The package's own folder, or the folder of the project's sample inputs. */
    readonly folder: "package" | "inputs";
    readonly file: string;
    readonly text: string;
  }[];
  readonly fault?: { readonly kind: "package" | "sample" } | { readonly kind: "keyword"; readonly word: string };
}
export const newFiles = "rw/newFiles";

export interface MigrateParams {
  /** Any file of the project. */
  readonly uri: string;
}

/** What became of the policies of Rego v0, once the client was asked to apply the edit. */
export interface MigrateResult {
  readonly rewritten: number;
  readonly applied: boolean;
  /** `legacy/a.rego:3: …`: policies that stay as they are, each with the reason. */
  readonly left: readonly string[];
}
export const migrate = "rw/migrateWorkspace";

/** Client → server: the JSON Schema that the samples of a project have. */
export interface InferSchemaParams {
  /** Any file of the project. */
  readonly uri: string;
}

/** The text that the file of the schema has to get, and `rw.conf`, where nothing names the file yet; or why there is no schema. */
export type InferSchemaResult =
  | {
      /** How many inputs it was made from. */
      readonly inputs: number;
      readonly uri: string;
      readonly before?: string;
      readonly after: string;
      readonly config?: { readonly uri: string; readonly after: string };
    }
  | { readonly problem: string };
export const inferSchema = "rw/inferSchema";

/** Client → server: requests of http.send that no mock answers are sent, and the replies written to the file of `mocks.http`. */
export interface RecordMocksParams {
  /** A policy, whose rules are asked with the input that counts for it, or any file of the project, for its entrypoints. */
  readonly uri: string;
  /** Those that somebody agreed to; without one nothing is sent. */
  readonly hosts: readonly string[];
}

export type RecordMocksResult =
  | {
      readonly sample: string;
      /** Those that were not sent, and the hosts that they go to. */
      readonly requests: readonly string[];
      readonly hosts: readonly string[];
      /** How many replies were written. */
      readonly recorded: number;
      /** Why others were not. */
      readonly left: readonly string[];
    }
  | { readonly problem: string };
export const recordMocks = "rw/recordMocks";

/** Client → server: a test that says what a rule decides for a sample; it is written only where it passes. */
export interface CreateTestParams {
  /** Any file of the project. */
  readonly uri: string;
  /** `data.storage.allow`. */
  readonly query: string;
  readonly sample: string;
  readonly profile: string | null;
}

/** Where the test stands, once the client has applied the edit; or why there is none. */
export type CreateTestResult = { readonly uri: string; readonly position: Position } | { readonly problem: string };
export const createTest = "rw/createTest";

export interface AcceptDecisionParams {
  readonly uri: string;
  readonly sample?: string;
  /** What the sample is resolved with, and the decision is expected for; null for none, left out for the chosen one. */
  readonly profile?: string | null;
  /** `data.storage.allow`, or several; every entrypoint without it. */
  readonly path?: string | readonly string[];
}

export interface AcceptDecisionResult {
  readonly uri?: string;
  readonly before?: string;
  readonly after?: string;
  readonly problem?: string;
}
export const acceptDecision = "rw/acceptDecision";
