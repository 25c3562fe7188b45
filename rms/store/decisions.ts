// Decision logs of sidecars, kept for as long as their domain says.
import type { Page } from "./page.ts";

/** Seconds since 1970, both included; open where undefined. */
export interface Times {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface LoggedDecision {
  readonly domain: string;
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  /** The event as OPA sent it, JSON. */
  readonly event: string;
}

export interface DecisionReads {
  /** In the order of their ids. */
  list(domain: string, page: Page<string>): Promise<readonly LoggedDecision[]>;
  /** Those of some time, newest first, and those of one second by their ids; `after` is the last one that the reader has. */
  newest(
    domain: string,
    times: Times,
    page: { readonly after: Pick<LoggedDecision, "at" | "id"> | undefined; readonly limit: number },
  ): Promise<readonly LoggedDecision[]>;
  /** How many of a domain are from that time (seconds) on. */
  countSince(domain: string, at: number): Promise<number>;
}

export interface DecisionWrites extends DecisionReads {
  /** False when the domain has the id already: OPA repeats what it is not sure of. */
  add(decision: LoggedDecision): Promise<boolean>;
  /** Forgets what is older than its domain keeps logs at that time (seconds). */
  expire(now: number): Promise<void>;
}
