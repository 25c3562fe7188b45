// What every handler of RMS has at hand: store, clock, signer, library and the wake-up of long polls.
import { readFileSync } from "node:fs";
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

export const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
/** Seconds since 1970 as RFC 3339, as answers tell times. */
export const timeText = (at: number): string => new Date(at * 1000).toISOString();

/** Microseconds since 1970 as RFC 3339. */
export const microsText = (at: number): string => new Date(at / 1000).toISOString();
export const micros = (date: Date): number => date.getTime() * 1000;

/** Long polls that wait for a domain to change. */
export class Waiters {
  private readonly byDomain = new Map<string, Set<() => void>>();
  private count = 0;

  get open(): number {
    return this.count;
  }

  openOf(domain: string): number {
    return this.byDomain.get(domain)?.size ?? 0;
  }

  /** Resolves at the domain's next change, or after the time; `cancel` ends the wait at once. */
  wait(domain: string, ms: number, cancel: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.byDomain.get(domain) ?? new Set();
      this.byDomain.set(domain, waiting);
      this.count++;
      const done = (): void => {
        clearTimeout(timer);
        cancel.removeEventListener("abort", done);
        if (waiting.delete(done)) this.count--;
        if (waiting.size === 0 && this.byDomain.get(domain) === waiting) this.byDomain.delete(domain);
        resolve();
      };
      const timer = setTimeout(done, ms);
      cancel.addEventListener("abort", done, { once: true });
      waiting.add(done);
    });
  }

  wake(domain: string): void {
    for (const done of [...(this.byDomain.get(domain) ?? [])]) done();
  }

  wakeAll(): void {
    for (const domain of this.byDomain.keys()) this.wake(domain);
  }
}

/** Reads a small text file of an operator's, such as a token; trims it. */
export function readSecret(path: string): string {
  return readFileSync(path, "utf8").trim();
}
