// How many calls of the management API a token and a domain may make: token buckets, kept in memory.

export interface Rate {
  /** Calls a second, for ever. */
  readonly perSecond: number;
  /** Calls at once. */
  readonly burst: number;
}

export interface Rates {
  readonly token: Rate;
  readonly domain: Rate;
}

/** What people, pipelines and the extension never reach, and one wild script soon does. */
export const defaultRates: Rates = { token: { perSecond: 300, burst: 5000 }, domain: { perSecond: 600, burst: 10_000 } };

interface Bucket {
  left: number;
  at: number;
}

/** Buckets kept; full ones are forgotten first. */
const maxBuckets = 10_000;

export class RateLimits {
  private readonly rates: Rates;
  private readonly clock: () => number;
  private readonly buckets = new Map<string, Bucket>();

  /** `clock` gives milliseconds. */
  constructor(rates: Rates = defaultRates, clock: () => number = () => performance.now()) {
    this.rates = rates;
    this.clock = clock;
  }

  /** Counts a call; gives the whole seconds to wait when it is one too many. */
  refuse(token: string, domain: string | undefined): number | undefined {
    const buckets = [{ key: `token ${token}`, rate: this.rates.token }];
    if (domain !== undefined) buckets.push({ key: `domain ${domain}`, rate: this.rates.domain });
    const filled = buckets.map(({ key, rate }) => ({ bucket: this.filled(key, rate), rate }));
    const waits = filled.map(({ bucket, rate }) => (bucket.left >= 1 ? 0 : (1 - bucket.left) / rate.perSecond));
    const wait = Math.max(...waits);
    if (wait > 0) return Math.max(1, Math.ceil(wait));
    for (const { bucket } of filled) bucket.left -= 1;
    return undefined;
  }

  private filled(key: string, { perSecond, burst }: Rate): Bucket {
    const now = this.clock();
    const before = this.buckets.get(key);
    const left = before === undefined ? burst : Math.min(burst, before.left + ((now - before.at) / 1000) * perSecond);
    const bucket = { left, at: now };
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    // The first is the one that was asked for least lately, so it has filled most.
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > maxBuckets && oldest !== undefined) this.buckets.delete(oldest);
    return bucket;
  }
}
