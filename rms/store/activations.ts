// What each sidecar instance reported last: which revision of which bundle it runs.
import type { Page } from "./page.ts";

export interface Activation {
  readonly domain: string;
  readonly instance: string;
  /** `domain/policy`, as the sidecar names it. */
  readonly bundle: string;
  readonly revision: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly opaVersion: string;
  /** RFC 3339, as the sidecar gave it. */
  readonly activatedAt: string;
  /** Microseconds since 1970, by the server's clock: when the instance first reported this revision. */
  readonly since: number;
  /** Seconds since 1970, by the server's clock. */
  readonly lastSeen: number;
  readonly error: string | undefined;
}

/** From when an instance ran a revision, as it reported. */
export interface Run {
  readonly revision: string;
  /** Microseconds since 1970. */
  readonly at: number;
}

export interface ActivationReads {
  /** In the order of the instances. */
  list(domain: string, bundle: string, page?: Page<string>): Promise<readonly Activation[]>;
  get(domain: string, bundle: string, instance: string): Promise<Activation | undefined>;
  /** What the instance ran, the newest first. */
  runs(domain: string, bundle: string, instance: string, limit: number): Promise<readonly Run[]>;
  /**
   * How many instances of all domains were seen since that time: those that report an error, those that run another build than their
   * channel serves, the rest; and those not seen.
   */
  counts(since: number): Promise<Readonly<Record<"active" | "lagging" | "failed" | "gone", number>>>;
}

export interface ActivationWrites extends ActivationReads {
  /** Replaces what the instance reported of the bundle before; a revision that it did not run before begins a run, at that time (microseconds). */
  put(
    report: Omit<Activation, "since">,
    at: number,
  ): Promise<{
    /** It runs another revision than before. */ readonly activated: boolean /** It reports an error, and did not before. */;
    readonly failed: boolean;
  }>;
  /** Forgets runs that ended before that time (microseconds) and differ from the one before by their stamp alone. */
  thin(before: number): Promise<void>;
}
