// The clock of the commands.
import { mayVary } from "./kept-run/variation.ts";

/** Now, in nanoseconds. */
export const systemTime = (): bigint => {
  mayVary();
  return BigInt(Date.now()) * 1_000_000n;
};
