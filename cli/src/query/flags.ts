// The flags of every command that evaluates a query, and what those say that concern the evaluation alone.
import type { EvaluateOptions } from "#evaluation/instance.ts";
import { durationNanoseconds, type Flag, type Invocation } from "../command.ts";
import { inputFlags } from "../input.ts";
import { bundlesFlag, dataFlag, ignoreFlag, schemaFlag, v0Flag, v1Flag } from "../load-flags.ts";

export const queryFlags: readonly Flag[] = [
  dataFlag,
  bundlesFlag,
  { name: "input", short: "i", kind: "string", help: "set input file path (JSON, YAML or HOCON)" },
  ...inputFlags,
  { name: "stdin", kind: "boolean", help: "read query from stdin" },
  { name: "stdin-input", short: "I", kind: "boolean", help: "read input document from stdin" },
  { name: "package", kind: "string", help: "set query package" },
  { name: "import", kind: "strings", help: "set query import(s). This flag can be repeated." },
  { name: "seed", kind: "number", help: "seed of rand.intn and uuid.rfc4122, so that they give the same each time" },
  {
    name: "time",
    kind: "string",
    placeholder: "timestamp",
    help: "the time that policies see (RFC 3339), instead of the clock's",
  },
  schemaFlag,
  ignoreFlag,
  v0Flag,
  v1Flag,
];

/** `--timeout` as a question that the evaluation asks now and then. */
export function cancelling(call: Invocation): EvaluateOptions {
  const text = call.has("timeout") ? call.flag("timeout") : undefined;
  const nanoseconds = text === undefined ? 0 : (durationNanoseconds(text) ?? 0);
  if (nanoseconds <= 0) return {};
  const end = performance.now() + nanoseconds / 1e6;
  return { cancelled: () => performance.now() > end };
}

/** `--seed`, where it was given. */
export function seeded(call: Invocation): EvaluateOptions {
  return call.flag("seed") === undefined ? {} : { seed: call.number("seed")! };
}

/** What `--time` says; `now` is undefined without the flag, the whole for what is no time. */
export function instantOf(call: Invocation): { readonly now: bigint | undefined } | undefined {
  const text = call.flag("time");
  if (text === undefined) return { now: undefined };
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : { now: BigInt(milliseconds) * 1_000_000n };
}
