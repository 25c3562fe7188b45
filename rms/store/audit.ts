// The rows of the audit log: appended, never changed or removed.
import type { Page } from "./page.ts";

export interface AuditEntry {
  /** Without gaps, from 1. */
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  /** Empty for what belongs to no domain. */
  readonly domain: string;
  readonly object: string;
  readonly requestId: string;
  readonly reason: string;
  /** Canonical JSON. */
  readonly detail: string;
  readonly prev: string;
  readonly hash: string;
}

/** Each given part must hold. */
export interface AuditFilter {
  /** `every`: of any domain, but not what belongs to none. */
  readonly domains?: readonly string[] | "every" | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly object?: string | undefined;
  /** RFC 3339, `from` up to, not at, `to`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditReads {
  head(): Promise<AuditEntry | undefined>;
  /** Newest first; the key of a page is `seq`. */
  list(filter: AuditFilter, page: Page<number>): Promise<readonly AuditEntry[]>;
  /** Of one domain, oldest first. */
  of(domain: string, page: Page<number>): Promise<readonly AuditEntry[]>;
  /** Oldest first, for recomputing the chain. */
  chain(page: Page<number>): Promise<readonly AuditEntry[]>;
}

export interface AuditWrites extends AuditReads {
  append(entry: AuditEntry): Promise<void>;
}
