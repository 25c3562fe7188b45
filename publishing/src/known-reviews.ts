// Reviews of movers as RMS tells of them.

/** Times as RFC 3339 writes them. */
export interface KnownReview {
  readonly review: number;
  readonly subject: string;
  readonly source: string;
  readonly state: "open" | "overdue" | "closed";
  readonly at: string;
  readonly due: string;
  /** What of the unit changed. */
  readonly from: Readonly<Record<string, unknown>>;
  readonly to: Readonly<Record<string, unknown>>;
  readonly manager?: string;
  /** What becomes of roles that nobody decided about in time. */
  readonly undecided: "keep" | "end";
  readonly roles: readonly {
    readonly role: string;
    readonly decision?: "keep" | "end";
    readonly by?: string;
    readonly reason?: string;
    readonly at?: string;
  }[];
}
