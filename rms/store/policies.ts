// Policies of a domain: what is published in versions and served by channels.
import type { Page } from "./page.ts";

export interface Policy {
  readonly domain: string;
  readonly id: string;
  /** `package/rule`. */
  readonly entrypoints: readonly string[];
  readonly gates: Readonly<Record<string, unknown>>;
}

export interface PolicyReads {
  get(domain: string, id: string): Promise<Policy | undefined>;
  /** In the order of their ids. */
  list(domain: string, page?: Page<string>): Promise<readonly Policy[]>;
}

export interface PolicyWrites extends PolicyReads {
  /** The caller has seen in the same transaction that there is none of that id. */
  create(policy: Policy, at: number): Promise<void>;
  change(policy: Policy): Promise<void>;
}
