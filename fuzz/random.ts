// Seeded randomness: the same seed gives the same run on every machine.

export interface Random {
  /** An integer from 0 up to but without `limit`. */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The mulberry32 generator. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  };
  return { below, pick: (items) => items[below(items.length)]! };
}
