// How many logged decisions of a domain are kept of one day: all up to its quota, then one in a hundred.
import { sha256 } from "../store/blobs.ts";
import type { Reads } from "../store/store.ts";

const day = 86_400;
/** Above the quota one in so many is kept. */
const oneOf = 100;

export class LogQuota {
  /** Domain → the day that is counted and what was kept of it. */
  private readonly kept = new Map<string, { readonly day: number; count: number }>();

  /** Whether the decision is kept that comes at a time (seconds); the same one is decided alike whenever it comes. */
  async takes(reads: Pick<Reads, "decisions" | "domains">, domain: string, id: string, now: number): Promise<boolean> {
    const today = Math.floor(now / day);
    let counted = this.kept.get(domain);
    if (counted?.day !== today) {
      counted = { day: today, count: await reads.decisions.countSince(domain, today * day) };
      this.kept.set(domain, counted);
    }
    const quota = (await reads.domains.get(domain))?.logQuota ?? Number.POSITIVE_INFINITY;
    return counted.count < quota || Number.parseInt(sha256(id).slice(0, 8), 16) % oneOf === 0;
  }

  /** One more was kept. */
  count(domain: string): void {
    const counted = this.kept.get(domain);
    if (counted !== undefined) counted.count++;
  }
}
