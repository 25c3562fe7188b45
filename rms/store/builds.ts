// Builds, the freshness stamps they carry, and the numbered addresses that serve them.

import type { Freshness } from "./sources.ts";

export interface BuildParts {
  readonly domain: string;
  readonly policy: string;
  readonly version: string;
  readonly snapshot: number;
  /** Number of the stamp. */
  readonly stamp: number;
}

export interface BuildRecord extends BuildParts {
  /** Digest of the content, whoever signed it. */
  readonly digest: string;
  /** Digest of the bytes as served: the name of their blob. */
  readonly transport: string;
  readonly revision: string;
  /** Version of the common Rego in it; empty for a build of an earlier release. */
  readonly library: string;
  readonly kid: string;
  readonly size: number;
  /** Seconds since 1970 between which its stamp is fresh; 0 and 0 without data. */
  readonly asOf: number;
  readonly freshUntil: number;
  /** What its stamp says of the domain's sources. */
  readonly sources: Readonly<Record<string, Freshness>>;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Times are seconds since 1970. */
export interface Stamp {
  readonly number: number;
  readonly asOf: number;
  readonly freshUntil: number;
  /** The snapshot that it was made for. */
  readonly snapshot: number;
  readonly sources: Readonly<Record<string, Freshness>>;
}

/** What an address serves; the number rises whenever it serves another build. */
export interface Serve {
  readonly address: string;
  readonly build: string;
  readonly number: number;
  /** Microseconds since 1970: from when it serves this build; 0 where an earlier release served it first. */
  readonly at: number;
}

export interface BuildReads {
  find(parts: BuildParts): Promise<BuildRecord | undefined>;
  get(digest: string): Promise<BuildRecord | undefined>;
  /** The last build of a version that was made at that time (seconds) or before. */
  lastOf(parts: Pick<BuildParts, "domain" | "policy" | "version">, at: number): Promise<BuildRecord | undefined>;
  /** The stamp in force; undefined when the next build must have a new one. */
  stamp(domain: string): Promise<Stamp | undefined>;
  /** The stamp in force of every domain that has one. */
  stamps(): Promise<readonly (Stamp & { readonly domain: string })[]>;
  /** The highest stamp number that any build or stamp of the domain ever had; 0 without one. */
  lastStamp(domain: string): Promise<number>;
  served(address: string): Promise<Serve | undefined>;
  /** The build that the address serves, with the number under which it does, and since when (microseconds). */
  lastServed(address: string): Promise<(BuildRecord & { readonly number: number; readonly servedAt: number }) | undefined>;
  /** Every build that an address serves, with its address. */
  allServed(): Promise<readonly { readonly address: string; readonly transport: string }[]>;
  /** The blobs of all builds, also of those that have lost their bytes. */
  transports(): Promise<readonly string[]>;
  /** Builds before that time (seconds) that no address serves and that a later stamp of the same content replaced. */
  replaced(before: number): Promise<readonly BuildRecord[]>;
}

export interface BuildWrites extends BuildReads {
  /** Does nothing when a build of the same digest is there: the first one wins, and `find` gives it. */
  insert(build: BuildRecord): Promise<void>;
  /** The same content under other bytes: its blob was damaged. */
  replaceBytes(build: Pick<BuildRecord, "digest" | "transport" | "kid" | "size">): Promise<void>;
  setStamp(domain: string, stamp: Stamp): Promise<void>;
  /** The domain gets a new stamp with its next build, and the outbox names it. */
  dropStamp(domain: string): Promise<void>;
  /** Every domain gets a new stamp with its next build, and the outbox names it. */
  dropStamps(): Promise<void>;
  /** The address serves the build from that time (microseconds) on; gives its number, a new one when it served another. */
  serve(address: string, build: string, at: number): Promise<number>;
}
