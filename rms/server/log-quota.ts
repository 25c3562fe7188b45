// How many logged decisions of a domain are kept of one day: all up to its quota, then one in a hundred.
import { sha256 } from "../store/blobs.ts";
import type { Reads } from "../store/store.ts";

const day = 86_400;
/** Above the quota one in so many is kept. */
const oneOf = 100;

/** The quota of a domain as it stands on one day. */
export interface DayQuota {
  /** Whether a decision is kept; the same one is decided alike whenever it comes. */
  takes(id: string): boolean;
  /** One more was kept. */
  count(): void;
}

export class LogQuota {
  /** Domain → the day that is counted and what was kept of it. */
  private readonly kept = new Map<string, { readonly day: number; count: number }>();

  /** The quota of a domain at a time (seconds). */
  async of(reads: Pick<Reads, "decisions" | "domains">, domain: string, now: number): Promise<DayQuota> {
    const today = Math.floor(now / day);
    const before = this.kept.get(domain);
    const counted = before?.day === today ? before : { day: today, count: await reads.decisions.countSince(domain, today * day) };
    this.kept.set(domain, counted);
    const quota = (await reads.domains.get(domain))?.logQuota ?? Number.POSITIVE_INFINITY;
    return {
      takes: (id) => counted.count < quota || Number.parseInt(sha256(id).slice(0, 8), 16) % oneOf === 0,
      count: () => {
        counted.count++;
      },
    };
  }
}
