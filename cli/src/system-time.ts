// The clock of the commands.

/** Now, in nanoseconds. */
export const systemTime = (): bigint => BigInt(Date.now()) * 1_000_000n;
