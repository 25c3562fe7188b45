// Channels: which version an address of a policy serves, with every move ever made.
import type { Page } from "./page.ts";

export interface Channel {
  readonly domain: string;
  readonly policy: string;
  readonly id: string;
  readonly version: string;
  readonly dataset: string;
  /** Rises by one with each move. */
  readonly seq: number;
  /** Serves this build whatever changes; undefined for the build of now. */
  readonly pin?: Pin | undefined;
}

export interface Pin {
  /** Digest of the build. */
  readonly build: string;
  /** Seconds since 1970; undefined for until it is taken away. */
  readonly until: number | undefined;
}

export interface Move {
  readonly seq: number;
  readonly version: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

export interface ChannelReads {
  get(domain: string, policy: string, id: string): Promise<Channel | undefined>;
  /** In the order of their ids. */
  list(domain: string, policy: string, page?: Page<string>): Promise<readonly Channel[]>;
  /** Every channel of a domain, or of all domains. */
  all(domain?: string): Promise<readonly Channel[]>;
  /** Newest first; the key of a page is `seq`. */
  history(domain: string, policy: string, id: string, page?: Page<number>): Promise<readonly Move[]>;
}

export interface ChannelWrites extends ChannelReads {
  /** Sets the channel to its state after the move, records the move, and names the domain in the outbox. */
  move(channel: Channel, move: Omit<Move, "seq" | "version">): Promise<void>;
}
