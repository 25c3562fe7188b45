// Notices that a change leaves in its own transaction: the domains whose sidecars must hear of it.

export interface Notice {
  readonly seq: number;
  readonly domain: string;
}

export interface OutboxReads {
  /** Oldest first. */
  pending(): Promise<readonly Notice[]>;
}

export interface OutboxWrites extends OutboxReads {
  /** Forgets what was passed on, up to and with that number. */
  clear(upTo: number): Promise<void>;
}
