// Answers by idempotency key, so that a repeated request is answered and not done again.

export interface KeptAnswer {
  /** Id of the token that asked. */
  readonly token: string;
  readonly key: string;
  /** Digest of the request. */
  readonly request: string;
  readonly status: number;
  /** JSON. */
  readonly answer: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface IdempotencyReads {
  get(token: string, key: string): Promise<KeptAnswer | undefined>;
}

export interface IdempotencyWrites extends IdempotencyReads {
  /** False when the key has an answer already, which stays. */
  put(answer: KeptAnswer): Promise<boolean>;
  /** Forgets what is older than that time. */
  expire(before: number): Promise<void>;
}
