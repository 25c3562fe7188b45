// Reviews of movers: who came to another unit, which of the roles held then are looked at, and what was decided of each.
import type { Page } from "./page.ts";

export type ReviewDecision = "keep" | "end";

export interface ReviewItem {
  readonly role: string;
  /** Undefined until somebody decides, or the review's time is over. */
  readonly decided:
    | { readonly decision: ReviewDecision; readonly actor: string; readonly reason: string; readonly at: number }
    | undefined;
}

/** Times are seconds since 1970. */
export interface Review {
  readonly number: number;
  readonly subject: string;
  /** Which source told of the move. */
  readonly source: string;
  readonly at: number;
  readonly due: number;
  /** What of the unit changed. */
  readonly from: Readonly<Record<string, unknown>>;
  readonly to: Readonly<Record<string, unknown>>;
  /** The manager by now, who knows best. */
  readonly manager: string | undefined;
  /** What becomes of roles that nobody decided about in time. */
  readonly undecided: ReviewDecision;
  readonly closed: number | undefined;
  /** In the order of the roles. */
  readonly items: readonly ReviewItem[];
}

export interface ReviewReads {
  get(domain: string, number: number): Promise<Review | undefined>;
  /** The newest first. */
  list(domain: string, page: Page<number>): Promise<readonly Review[]>;
  /** The one of a subject that is not closed. */
  openOf(domain: string, subject: string): Promise<Review | undefined>;
  /** Open ones of every domain whose undecided roles end, due by then. */
  overdue(now: number): Promise<readonly (Review & { readonly domain: string })[]>;
}

export interface ReviewWrites extends ReviewReads {
  /** Gives the review the next number. */
  open(domain: string, review: Omit<Review, "number" | "closed" | "items">, roles: readonly string[]): Promise<number>;
  decide(domain: string, number: number, role: string, decided: NonNullable<ReviewItem["decided"]>): Promise<void>;
  close(domain: string, number: number, at: number): Promise<void>;
}
