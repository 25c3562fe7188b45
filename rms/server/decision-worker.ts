// Compiles a version and asks it one question.
import { parentPort, workerData } from "node:worker_threads";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { createInstance } from "#evaluation/instance.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { Decision, DecisionInput } from "./decisions.ts";

const fuel = 200_000_000n;
/** 256 MiB. */
const maxPages = 4096;

parentPort?.postMessage(decide(workerData as DecisionInput));

function decide({ modules, data, entrypoint, input, now }: DecisionInput): Decision {
  const checked = checkModules(
    modules.map(({ path, text }) => parseModule(text, { file: path })),
    { strict: false, printing: true },
  );
  const { module } = compile(checked, { entrypoints: [entrypoint] });
  if (module === undefined) return { fault: `the version has no rule ${entrypoint}` };
  const nanoseconds = BigInt(now) * 1_000_000n;
  const instance = createInstance(module, { now: () => nanoseconds, maxPages });
  const fault = instance.setData(data);
  if (fault !== undefined) return { fault: fault.message };
  const outcome = instance.evaluate(entrypoint, input, { now: nanoseconds, fuel });
  if (outcome.kind === "error") return { fault: outcome.error.message };
  const [first] = JSON.parse(outcome.text) as readonly { readonly result?: unknown }[];
  return first === undefined ? {} : { result: first.result };
}
