// `rw why`: why a rule of a project is what it is for an input, and what would make it true.
import { type Command, usageError } from "../command.ts";
import { queryFlags } from "../query/flags.ts";
import { readQueryInput } from "../query/input.ts";
import { loadedByFlags, projectOfFolder, tellWhy } from "../why.ts";

const taken = new Set([
  "data",
  "bundle",
  "input",
  "stdin-input",
  "seed",
  "time",
  "ignore",
  "schema",
  "v0-compatible",
  "v1-compatible",
]);

export const why: Command = {
  name: "why",
  usage: "why <rule> [folder] [flags]",
  summary: "Tell why a rule is what it is for an input, and what would make it true",
  details: `
The clauses of the rule with each expression: what held, what failed and on which values, what was not reached, and the same of the
rules that a failing expression asked. Below, the smallest changes of the input that would make it true, each of them evaluated.
The rule is looked for in the project of the folder (this one, if none is named), or in what --data and --bundle name.

    $ rw why data.authz.allow --input inputs/alice.conf
    $ rw why data.authz.allow policies --input inputs/alice.conf --format json
`,
  flags: [
    ...queryFlags.filter(({ name }) => taken.has(name) || name.startsWith("input-")),
    { name: "format", short: "f", kind: "string", choices: ["pretty", "json"], default: "pretty", help: "output format" },
  ],
  run: async (call) => {
    const [rule, folder, ...others] = call.positionals;
    const isLoaded = call.given("data") || call.given("bundle");
    if (rule === undefined || others.length > 0) {
      call.io.err(usageError(why, "name one rule, as data.authz.allow, and at most one folder"));
      return 1;
    }
    if (isLoaded && folder !== undefined) {
      call.io.err(usageError(why, "name a folder, or what --data and --bundle load, not both"));
      return 1;
    }
    const input = await readQueryInput(call);
    if ("fault" in input) {
      call.io.err(`${input.fault}\n`);
      return 2;
    }
    return tellWhy(call, rule, input.json, isLoaded ? loadedByFlags(call) : projectOfFolder(folder ?? ".", call.io));
  },
};
