// The public parts and states of the keys that sign bundles; the private parts are files beside the store.

/** Small and fast, or what older verifiers know. */
export type SigningAlgorithm = "ES256" | "RS256";

export type KeyState = "next" | "active" | "retired";

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** SubjectPublicKeyInfo in PEM. */
  readonly pem: string;
  readonly state: KeyState;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface KeyReads {
  /** Oldest first. */
  list(): Promise<readonly SigningKey[]>;
  /** The one key of a state `next` or `active`. */
  inState(state: "next" | "active"): Promise<SigningKey | undefined>;
}

export interface KeyWrites extends KeyReads {
  /** Does nothing when the key is known. */
  insert(key: SigningKey): Promise<void>;
  setState(kid: string, state: KeyState): Promise<void>;
}
