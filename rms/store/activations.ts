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
  /** Seconds since 1970, by the server's clock. */
  readonly lastSeen: number;
  readonly error: string | undefined;
}

export interface ActivationReads {
  /** In the order of the instances. */
  list(domain: string, bundle: string, page?: Page<string>): Promise<readonly Activation[]>;
  /** How many instances of all domains were seen since that time, and how many of them report an error. */
  counts(since: number): Promise<{ readonly active: number; readonly failed: number; readonly gone: number }>;
}

export interface ActivationWrites extends ActivationReads {
  /** Replaces what the instance reported of the bundle before; true when it runs another revision than before. */
  put(activation: Activation): Promise<boolean>;
}
