// The clock of the commands.

let wasAsked = false;

/** Now, in nanoseconds. */
export const systemTime = (): bigint => {
  wasAsked = true;
  return BigInt(Date.now()) * 1_000_000n;
};

/** True when anything in this process asked what time it is: the same command may come to something else later. */
export const clockWasAsked = (): boolean => wasAsked;
