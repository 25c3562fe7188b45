// Rows as any kind of source gives them: what they are, and how a field of one is found.

export interface Rows {
  readonly count: number;
  /** Which fields there can be at all; undefined where each row has its own. */
  readonly fields: readonly string[] | undefined;
  value(row: number, field: string): unknown;
}

/** Rows that one read may give. */
export const maxRows = 500_000;
