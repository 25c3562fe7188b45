// `npm run fuzz -- PART`: random input for one part of the product; what breaks is printed with the seed that repeats it. `--help` lists the parts.
import { type DeveloperArguments, type DeveloperFlags, readFlags } from "../scripts/developer-flags.ts";
import { measureCompletion } from "./completion.ts";
import { endure } from "./endure.ts";
import { fuzzBuiltins } from "./engine/builtins.ts";
import { fuzzEngine } from "./engine/main.ts";
import * as hocon from "./hocon.ts";
import { compareHocon } from "./hocon-oracle.ts";
import * as rego from "./rego.ts";
import { compareChecks, compareWritten } from "./rego-check.ts";
import { measureFaults } from "./rego-faults.ts";
import { compareFormats } from "./rego-format.ts";
import { compareReading } from "./rego-oracle.ts";
import { measureRecovery } from "./rego-recovery.ts";
import { compareShown } from "./rego-shown.ts";
import { fuzzRms } from "./rms.ts";

interface Part {
  readonly help: string;
  readonly flags: DeveloperFlags;
  /** The exit code: 1 when something broke. */
  readonly run: (given: DeveloperArguments) => number | Promise<number>;
}

const seconds = { type: "number", value: "N", help: "how long to go on (30)" } as const;
const seed = { type: "number", value: "N", help: "the first seed" } as const;
const folder = { type: "text", value: "FOLDER", help: "policies to take instead of the kit's" } as const;

const time = ({ number }: DeveloperArguments): number => number("seconds", 30);
const anySeed = ({ number }: DeveloperArguments): number => number("seed", Date.now() % 1_000_000);

const parts: Readonly<Record<string, Part>> = {
  hocon: {
    help: "texts for the HOCON parser and resolver: nothing is thrown or hangs, and the text comes back",
    flags: { seconds, seed },
    run: (given) => endure("hocon", hocon, time(given), anySeed(given)),
  },
  "hocon-oracle": {
    help: "changed HOCON documents: values and errors are those of the reference, which HOCON_ORACLE names",
    flags: { seed, cases: { type: "number", value: "N", help: "how many (2000)" } },
    run: (given) => compareHocon(given.number("cases", 2000), anySeed(given)),
  },
  rego: {
    help: "texts for the Rego parser: nothing is thrown or hangs, and the text comes back",
    flags: { seconds, seed },
    run: (given) => endure("rego", rego, time(given), anySeed(given)),
  },
  "rego-oracle": {
    help: "damaged modules: OPA and we agree on what can be read and compiled",
    flags: { seconds, seed },
    run: (given) => compareReading(time(given), anySeed(given)),
  },
  "rego-check": {
    help: "damaged modules: `check` gives the findings of `opa check`",
    flags: { seconds, seed },
    run: (given) => compareChecks(time(given), anySeed(given)),
  },
  "rego-written": {
    help: "projects written for the compiler's checks: `check` gives the findings of `opa check`",
    flags: { seconds, seed },
    run: (given) => compareWritten(time(given), anySeed(given)),
  },
  "rego-shown": {
    help: "projects written for the compiler's checks: `parse`, `inspect` and `deps` show what OPA's do",
    flags: { seconds, seed },
    run: (given) => compareShown(time(given), anySeed(given)),
  },
  "rego-format": {
    help: "modules written at random or laid out anew: `fmt` gives the bytes of `opa fmt`",
    flags: { seconds, seed, folder },
    run: (given) => compareFormats(time(given), anySeed(given), given.text("folder")),
  },
  recovery: {
    help: "one token damaged at a time: at least 99 % of such edits must leave all other rules alone",
    flags: { folder, every: { type: "number", value: "N", help: "only each Nth token (1)" } },
    run: ({ text, number }) => measureRecovery(text("folder"), number("every", 1)),
  },
  faults: {
    help: "one token left out at a time: what the editor says of it",
    flags: { seed, folder, deletions: { type: "number", value: "N", help: "how many (2000)" } },
    run: ({ text, number }) => measureFaults(text("folder"), number("deletions", 2000), number("seed", 1)),
  },
  completion: {
    help: "names cut from policies: 90 % must be offered among the first",
    flags: {
      seed,
      folder,
      places: { type: "number", value: "N", help: "how many names (1000)" },
      verbose: { type: "boolean", help: "print each name that was not among the first" },
    },
    run: ({ text, number, has }) =>
      measureCompletion({
        folder: text("folder"),
        places: number("places", 1000),
        seed: number("seed", 1),
        verbose: has("verbose"),
      }),
  },
  engine: {
    help: "programs, data and inputs: our decisions and those of OPA are equal",
    flags: {
      seed,
      programs: { type: "number", value: "N", help: "how many (1000)" },
      out: { type: "text", value: "FOLDER", help: "where programs that differ are kept" },
      crossed: { type: "boolean", help: "programs bred from the kit's cases instead of written ones" },
      optimised: { type: "boolean", help: 'OPA decides the programs and what "build -O" makes of them alike' },
    },
    run: ({ text, number, has }) =>
      fuzzEngine({
        optimised: has("optimised"),
        crossed: has("crossed"),
        programs: number("programs", 1000),
        seed: number("seed", 1),
        out: text("out"),
      }),
  },
  builtins: {
    help: "calls of builtins: results and errors are OPA's",
    flags: {
      seed,
      calls: { type: "number", value: "N", help: "how many (10000)" },
      only: { type: "text", value: "NAME", help: "only this builtin" },
    },
    run: ({ text, number }) => fuzzBuiltins({ calls: number("calls", 10_000), seed: number("seed", 1), only: text("only") }),
  },
  rms: {
    help: "calls of a whole RMS: every answer is one that its API describes",
    flags: { seconds, seed },
    run: (given) => fuzzRms(time(given), anySeed(given)),
  },
};

const [name = "", ...rest] = process.argv.slice(2);
const part = parts[name];
if (part === undefined) {
  const rows = Object.entries(parts).map(([name, { help }]) => `  ${name.padEnd(12)} ${help}`);
  console.log(["usage: npm run fuzz -- PART [flags]; PART --help lists its flags", ...rows].join("\n"));
  process.exit(name === "--help" ? 0 : 2);
}
const given = readFlags(rest, `npm run fuzz -- ${name}: ${part.help}`, part.flags);
process.exit(await part.run(given));
