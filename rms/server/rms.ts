// What every handler of RMS has at hand: store, clock, signer, library and the wake-up of long polls.
import type { Blobs } from "../store/blobs.ts";
import type { Store } from "../store/store.ts";
import type { Builder } from "./builds.ts";
import type { Gates } from "./gates.ts";
import type { LogQuota } from "./log-quota.ts";
import type { Metrics } from "./metrics.ts";
import type { Answers, Question } from "./questions.ts";
import type { Serving } from "./serving.ts";
import type { SignIns } from "./sign-ins.ts";
import type { KeyRing } from "./signing.ts";
import type { Waiters } from "./waiters.ts";
import type { WorkerPool } from "./worker-pool.ts";

export interface LibraryFile {
  readonly path: string;
  readonly text: string;
}

export interface Rms {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly signIns: SignIns;
  readonly keys: KeyRing;
  /** The common Rego that every bundle holds, with its version. */
  readonly library: { readonly version: string; readonly files: readonly LibraryFile[] };
  readonly builder: Builder;
  readonly gates: Gates;
  readonly questions: WorkerPool<Question, Answers[keyof Answers]>;
  readonly serving: Serving;
  readonly logQuota: LogQuota;
  readonly waiters: Waiters;
  readonly metrics: Metrics;
  now(): Date;
  log(event: string, fields: Readonly<Record<string, unknown>>): void;
}
