// API tokens: kept as hashes, bound to domains and scopes.
import type { Page } from "./page.ts";

export interface Token {
  readonly id: string;
  readonly kind: "user" | "sidecar";
  readonly subject: string;
  /** `*` for every domain. */
  readonly domains: readonly string[];
  readonly scopes: readonly string[];
  /** The only policies that it is for; undefined for all of its domains. */
  readonly policies: readonly string[] | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly createdAt: number;
}

export interface TokenReads {
  get(id: string): Promise<Token | undefined>;
  /** The token whose text has this sha256, expired or not. */
  byHash(hash: string): Promise<Token | undefined>;
  /** In the order of their ids. */
  list(page?: Page<string>): Promise<readonly Token[]>;
  hasSubject(subject: string): Promise<boolean>;
}

export interface TokenWrites extends TokenReads {
  /** A hash that is there already keeps its token, with the later end. */
  put(token: Token, hash: string): Promise<void>;
  /** True when there was one. */
  remove(id: string): Promise<boolean>;
}
