// Domains: the tenants of RMS. Every other object belongs to one.
import type { Page } from "./page.ts";

export type DomainState = "active" | "frozen" | "retired";

export interface Domain {
  readonly id: string;
  readonly title: string;
  /** The only root that the domain's policies may have. */
  readonly package: string;
  readonly owners: readonly string[];
  /** Seconds that a stamp stays fresh. */
  readonly maxAge: number;
  /** Seconds that decision logs are kept. */
  readonly logRetention: number;
  /** Decision logs that are kept whole of one day (UTC); above it one in a hundred. */
  readonly logQuota: number;
  /** Builtins that its policies may name although they are forbidden by default. */
  readonly builtins: readonly string[];
  /** Its bundles name the members of each role beside the roles of each user. */
  readonly includeMembers: boolean;
  readonly state: DomainState;
  /** Rises with each change of the domain's facts. */
  readonly snapshot: number;
}

/** What the facts of a domain were when they had a number. */
export interface Snapshot {
  readonly number: number;
  /** Microseconds since 1970: its facts are those that stood then. */
  readonly at: number;
  readonly includeMembers: boolean;
}

export interface NewDomain {
  readonly id: string;
  readonly title: string;
  readonly package: string;
  readonly owners: readonly string[];
  readonly maxAge: number;
  readonly builtins: readonly string[];
  readonly includeMembers: boolean;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface DomainChange {
  readonly title: string;
  readonly owners: readonly string[];
  readonly maxAge: number;
  readonly logRetention: number;
  readonly logQuota: number;
  readonly builtins: readonly string[];
  readonly includeMembers: boolean;
}

export interface DomainReads {
  get(id: string): Promise<Domain | undefined>;
  /** In the order of their ids. */
  list(page?: Page<string>): Promise<readonly Domain[]>;
  /** Undefined where the facts of a number cannot be told from later ones: the clock went back, or an earlier release recorded them. */
  snapshot(id: string, number: number): Promise<Snapshot | undefined>;
}

export interface DomainWrites extends DomainReads {
  /** Creates a domain with snapshot 1; the caller has seen in the same transaction that there is none of that id. */
  create(domain: NewDomain): Promise<void>;
  change(id: string, to: DomainChange): Promise<void>;
  setState(id: string, state: DomainState): Promise<void>;
  /** The domain's facts changed at that time (microseconds): its snapshot rises, and the outbox names it. */
  factsChanged(id: string, at: number): Promise<void>;
}
