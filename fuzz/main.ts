// `npm run fuzz -- PART [--seconds 30] [--seed N]`: random input for one part; what breaks is printed with the seed that repeats it.
// `npm run fuzz -- rms [--seconds 30] [--seed N]`: random calls of a whole RMS.
// `npm run fuzz -- engine [--programs 1000] [--seed N] [--out FOLDER]`: random programs, our decisions against those of a real OPA.
// `npm run fuzz -- builtins [--calls 10000] [--seed N] [--only NAME]`: random calls of builtins, results and errors against a real OPA's.
// `npm run fuzz -- completion [--places 1000] [--folder F] [--seed N] [--verbose 1]`: names cut from policies, of which 90 % must be offered first.
// `npm run fuzz -- recovery [--every 1] [--folder F]`: one token damaged at a time; at least 99 % of such edits must leave all other rules alone.
// `npm run fuzz -- rego-format [--seconds 30] [--seed N] [--folder F]`: valid modules damaged and laid out anew, our formatter against a real OPA's.
import { measureCompletion } from "./completion.ts";
// `npm run fuzz -- rego-check [--seconds 30] [--seed N]`: modules with a token damaged, what `check` says against what a real OPA says.
// `npm run fuzz -- faults [--deletions 2000] [--seed N] [--folder F]`: one token left out at a time; what the editor says of it.
import { fuzzBuiltins } from "./engine/builtins.ts";
import { fuzzEngine } from "./engine/main.ts";
import * as hocon from "./hocon.ts";
import { type Random, random } from "./random.ts";
import * as rego from "./rego.ts";
import { compareChecks } from "./rego-check.ts";
import { measureFaults } from "./rego-faults.ts";
import { compareFormats } from "./rego-format.ts";
import * as oracle from "./rego-oracle.ts";
import { measureRecovery } from "./rego-recovery.ts";
import { fuzzRms } from "./rms.ts";

interface Fuzzer {
  sample(random: Random): string;
  check(text: string): string | undefined;
}

const fuzzers: Readonly<Record<string, Fuzzer>> = { hocon, rego };
/** A text that takes more milliseconds of processor time is reported as a hang; a machine that pauses is none. */
const slowest = 5000;

const [name = "", ...rest] = process.argv.slice(2);
const option = (flag: string, fallback: number): number => {
  const at = rest.indexOf(`--${flag}`);
  return at < 0 ? fallback : Number(rest[at + 1]);
};
const text = (flag: string): string | undefined => {
  const at = rest.indexOf(`--${flag}`);
  return at < 0 ? undefined : rest[at + 1];
};
if (name === "engine") {
  const run = { programs: option("programs", 1000), seed: option("seed", 1), out: text("out") };
  process.exit(await fuzzEngine(run));
}
if (name === "builtins")
  process.exit(fuzzBuiltins({ calls: option("calls", 10_000), seed: option("seed", 1), only: text("only") }));
if (name === "completion") {
  const run = {
    folder: text("folder"),
    places: option("places", 1000),
    seed: option("seed", 1),
    verbose: option("verbose", 0) > 0,
  };
  process.exit(await measureCompletion(run));
}
if (name === "recovery") process.exit(measureRecovery(text("folder"), option("every", 1)));
if (name === "faults") process.exit(measureFaults(text("folder"), option("deletions", 2000), option("seed", 1)));
const seconds = option("seconds", 30);
const seed = option("seed", Date.now() % 1_000_000);
const fuzzer = fuzzers[name];
if (fuzzer !== undefined) process.exit(run(fuzzer, seconds, seed));
else if (name === "rms") process.exit(await fuzzRms(seconds, seed));
else if (name === "rego-format") process.exit(compareFormats(seconds, seed, text("folder")));
else if (name === "rego-check") process.exit(await compareChecks(seconds, seed));
else if (name === "rego-oracle") process.exit(compare(seconds, seed));
console.error(
  `usage: npm run fuzz -- ${Object.keys(fuzzers).join("|")}|rego-oracle|rego-check|rego-format|rms [--seconds 30] [--seed N] | recovery [--every 1] [--folder FOLDER] | faults [--deletions 2000] [--folder FOLDER] | completion [--places 1000] [--folder FOLDER] [--seed N] [--verbose 1] | engine [--programs 1000] [--seed N] [--out FOLDER] | builtins [--calls 10000] [--seed N] [--only NAME]`,
);
process.exit(2);

function run({ sample, check }: Fuzzer, seconds: number, first: number): number {
  const end = performance.now() + seconds * 1000;
  let tried = 0;
  for (let seed = first; performance.now() < end; seed++, tried++) {
    const text = sample(random(seed));
    const started = process.cpuUsage();
    let fault: string | undefined;
    try {
      fault = check(text);
    } catch (error) {
      fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const { user, system } = process.cpuUsage(started);
    const took = (user + system) / 1000;
    if (fault === undefined && took > slowest) fault = `took ${Math.round(took)} ms`;
    if (fault === undefined) continue;
    console.error(`${name} --seed ${seed}: ${fault}\n${JSON.stringify(text)}`);
    return 1;
  }
  console.log(`${name}: ${tried} texts from seed ${first}, nothing broke`);
  return 0;
}

/** In batches, since each question to OPA is a process. */
function compare(seconds: number, first: number): number {
  if (!oracle.available) {
    console.log(`${name}: not run, there is no OPA (set OPA or put \`opa\` on the PATH)`);
    return 0;
  }
  const end = performance.now() + seconds * 1000;
  let tried = 0;
  for (let seed = first; performance.now() < end; seed++, tried += oracle.batch) {
    const source = random(seed);
    const fault = oracle.checkBatch(Array.from({ length: oracle.batch }, () => oracle.sample(source)));
    if (fault === undefined) continue;
    console.error(`${name} --seed ${seed}: ${fault}`);
    return 1;
  }
  console.log(`${name}: ${tried} texts from seed ${first}, OPA and we agree`);
  return 0;
}
