// What every handler of RMS has at hand: store, clock, signer, library and the wake-up of long polls.
import type { Hooks } from "../hooks/hooks.ts";
import type { Sources } from "../sources/sources.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Store } from "../store/store.ts";
import type { Builder } from "./builds.ts";
import type { Gates } from "./gates.ts";
import type { Library } from "./library.ts";
import type { LogQuota } from "./log-quota.ts";
import type { Metrics } from "./metrics.ts";
import type { Questions } from "./questions.ts";
import type { Serving } from "./serving.ts";
import type { SignIns } from "./sign-ins.ts";
import type { KeyRing } from "./signing.ts";
import type { Waiters } from "./waiters.ts";

export interface Rms {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly signIns: SignIns;
  readonly keys: KeyRing;
  /** The common Rego that every bundle holds, with its version. */
  readonly library: Library;
  readonly builder: Builder;
  readonly gates: Gates;
  readonly questions: Questions;
  /** Where people and their roles come from. */
  readonly sources: Sources;
  /** Who is told of what happens. */
  readonly hooks: Hooks;
  readonly serving: Serving;
  readonly logQuota: LogQuota;
  readonly waiters: Waiters;
  readonly metrics: Metrics;
  now(): Date;
  log(event: string, fields: Readonly<Record<string, unknown>>): void;
}
