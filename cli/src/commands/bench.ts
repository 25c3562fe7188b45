// `rw bench`: how long one evaluation of a query takes, in the formats of `opa bench`.
import { type BenchFormat, benchmark, benchReport } from "../bench-run.ts";
import { type Command, usageError } from "../command.ts";
import { errorText } from "../errors.ts";
import { checkFlags, engineFlags, partialFlags } from "../load-flags.ts";
import { queryFlags } from "../query/flags.ts";
import { prepare } from "../query/run.ts";

export const bench: Command = {
  name: "bench",
  usage: "bench <query> [flags]",
  summary: "Benchmark a Rego query and print the results.",
  details: `
The query is evaluated as by 'eval', for about a second.

    $ rw bench -b ./policy-bundle -i input.json 'data.authz.allow'

The "gobench" output format conforms to the Go Benchmark Data Format.
`,
  flags: [
    ...queryFlags,
    ...engineFlags.filter(({ name }) => name === "target" || name === "optimize-store-for-read-speed"),
    { name: "benchmem", kind: "boolean", default: true, help: "accepted for scripts written for OPA: memory is not counted" },
    { name: "config-file", short: "c", kind: "string", help: "not supported: there is no server to configure" },
    { name: "count", kind: "number", default: 1, help: "number of times to repeat each benchmark" },
    { name: "e2e", kind: "boolean", help: "not supported: run benchmarks against a running OPA server" },
    {
      name: "fail",
      kind: "boolean",
      default: true,
      help: "exits with non-zero exit code on undefined/empty result and errors",
    },
    {
      name: "format",
      short: "f",
      kind: "string",
      choices: ["pretty", "json", "gobench"],
      default: "pretty",
      help: "set output format",
    },
    { name: "metrics", kind: "boolean", default: true, help: "report query performance metrics" },
    ...partialFlags,
    { name: "shutdown-grace-period", kind: "number", default: 10, help: "accepted for scripts written for OPA" },
    { name: "shutdown-wait-period", kind: "number", help: "accepted for scripts written for OPA" },
  ],
  run: async (call) => {
    const { io } = call;
    const [named, ...others] = call.positionals;
    const wrong = (message: string): number => {
      io.err(usageError(bench, message));
      return 1;
    };
    if (call.on("stdin") && named !== undefined) return wrong("specify query argument or --stdin but not both");
    if (!call.on("stdin") && named === undefined) return wrong("specify query argument or --stdin");
    if (others.length > 0) return wrong("specify at most one query argument");
    const flags = checkFlags(call);
    const fail = (message: string): number => {
      io.err(`${message.trimEnd()}\n`);
      return 1;
    };
    if ("fault" in flags) return fail(flags.fault);
    if (call.on("e2e") || call.given("config-file"))
      return fail("rw runs no server: leave --e2e and --config-file away to measure the evaluation, or measure opa itself");
    if (call.on("partial")) return fail("partial evaluation is not supported: leave --partial away, or measure with opa");
    const query = named ?? (await io.readStdin());
    const made = await prepare(call, query, flags);
    if ("plain" in made) return fail(made.plain);
    if ("errors" in made) return fail(errorText(made.errors));
    const first = made.prepared.run();
    if (first.kind === "error") return fail(errorText([first.item]));
    if (call.on("fail") && first.solutions.length === 0) return fail(errorText([{ message: "undefined result" }]));
    for (let run = 0; run < Math.max(1, call.number("count") ?? 1); run++) {
      const result = benchmark(() => made.prepared.run().kind === "result");
      io.out(benchReport(result, call.flag("format") as BenchFormat, call.on("metrics")));
    }
    return 0;
  },
};
