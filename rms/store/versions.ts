// Versions of a policy: their content never changes; only their state does.
import type { Page } from "./page.ts";

export type VersionState = "published" | "awaiting_approval" | "rejected" | "withdrawn";

export interface Version {
  readonly domain: string;
  readonly policy: string;
  /** Semantic version, given by the author. */
  readonly version: string;
  /** sha256 of the source archive. */
  readonly digest: string;
  readonly state: VersionState;
  readonly author: string;
  readonly message: string;
  /** Results of the gates, as they were answered. */
  readonly gates: readonly unknown[];
  /** Version of the common Rego that the gates saw. */
  readonly library: string;
  /** Seconds since 1970. */
  readonly at: number;
  /** Order of publishing within the store. */
  readonly order: number;
}

export interface VersionFile {
  readonly path: string;
  /** Digest of the blob that holds its bytes. */
  readonly blob: string;
}

/** Somebody's approval of who gains and who loses by a version. */
export interface Consent {
  readonly channel: string;
  /** Of who gains and who loses what: for other people it does not hold. */
  readonly digest: string;
  readonly actor: string;
}

export interface VersionReads {
  get(domain: string, policy: string, version: string): Promise<Version | undefined>;
  /** Newest first; the key of a page is `order`. */
  list(domain: string, policy: string, page?: Page<number>): Promise<readonly Version[]>;
  /** In the order of their paths. */
  files(domain: string, policy: string, version: string, page?: Page<string>): Promise<readonly VersionFile[]>;
  file(domain: string, policy: string, version: string, path: string): Promise<VersionFile | undefined>;
  /** Who approved the version, each once, in the order that they did. */
  approvers(domain: string, policy: string, version: string): Promise<readonly string[]>;
  /** Who approved what the version does to people, in the order that they did. */
  consents(domain: string, policy: string, version: string): Promise<readonly Consent[]>;
  /** Every blob that a version of any domain needs, once, under one of its paths. */
  blobs(): Promise<readonly VersionFile[]>;
}

export interface VersionWrites extends VersionReads {
  /** The blobs of the files are stored already; the caller has seen in the same transaction that there is no such version. */
  insert(version: Omit<Version, "order">, files: readonly VersionFile[]): Promise<void>;
  /** False when the person has approved the version before; `at` in seconds. */
  approve(domain: string, policy: string, version: string, actor: string, at: number): Promise<boolean>;
  /** False when the person has consented to the same before; `at` in seconds. */
  consent(domain: string, policy: string, version: string, consent: Consent, at: number): Promise<boolean>;
  setState(domain: string, policy: string, version: string, state: VersionState): Promise<void>;
}
