// What an evaluation may take, and its clock and chance, as the library is told them.
import type { EvaluateOptions } from "#evaluation/instance.ts";
import type { DecideOptions } from "./api.ts";

const usualSteps = 1_000_000_000;

export const nanoseconds = (time: Date): bigint => BigInt(time.getTime()) * 1_000_000n;

export function evaluateOptions(options: DecideOptions): EvaluateOptions {
  const { now, seed, strictBuiltinErrors = false, maxSteps = usualSteps, cancelled } = options;
  return {
    strictBuiltinErrors,
    fuel: BigInt(maxSteps),
    ...(now === undefined ? {} : { now: nanoseconds(now) }),
    ...(seed === undefined ? {} : { seed }),
    ...(cancelled === undefined ? {} : { cancelled }),
  };
}
