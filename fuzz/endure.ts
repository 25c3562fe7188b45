// Text after text for one part that must take them all: whatever it throws, finds wrong or takes too long over is printed with its seed.
import { type Random, random } from "./random.ts";

export interface Fuzzer {
  /** A text to try. */
  sample(random: Random): string;
  /** What is wrong with what the part makes of it. */
  check(text: string): string | undefined;
}

/** A text that takes more milliseconds of processor time is reported as a hang; a machine that pauses is none. */
const slowest = 5000;

/** Tries texts for so long; 1 when something broke. */
export function endure(name: string, fuzzer: Fuzzer, seconds: number, first: number): number {
  const end = performance.now() + seconds * 1000;
  let tried = 0;
  for (let seed = first; performance.now() < end; seed++, tried++) {
    const text = fuzzer.sample(random(seed));
    const fault = faultOf(fuzzer, text);
    if (fault === undefined) continue;
    console.error(`${name} --seed ${seed}: ${fault}\n${JSON.stringify(text)}`);
    return 1;
  }
  console.log(`${name}: ${tried} texts from seed ${first}, nothing broke`);
  return 0;
}

function faultOf({ check }: Fuzzer, text: string): string | undefined {
  const started = process.cpuUsage();
  let fault: string | undefined;
  try {
    fault = check(text);
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1000;
  return fault ?? (took > slowest ? `took ${Math.round(took)} ms` : undefined);
}
