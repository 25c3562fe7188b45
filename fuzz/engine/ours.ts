// Our answers to a random program: its package and its rules as decisions, through every kind of build.
import { setImmediate } from "node:timers/promises";
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { type CompileRequest, compile } from "#compiler/compile.ts";
import { createInstance, type EvaluationError, type Instance } from "#evaluation/instance.ts";
import { isRepeatable } from "#evaluation/stack-trace.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { type ExactJson, readExact } from "../../scripts/conformance/exact-json.ts";
import type { FuzzProgram } from "./program.ts";
import { type Answer, type Answers, type Fault, type Question, questionsOf } from "./questions.ts";
import { unspelled } from "./spelling.ts";

type Build = Pick<CompileRequest, "build" | "watch">;

const builds: readonly Build[] = [{}, {}, { watch: "marks" }, { watch: "counts" }, { build: "portable" }];

/** The checked program; undefined when it is refused. */
export function accepted(one: FuzzProgram): Checked | undefined {
  const parsed = one.dealt.map((text, at) => parseModule(text, { file: `m${at}`, version: "v1", isBuiltin: isBuiltinName }));
  const checked = checkModules(parsed, { printing: true });
  const diagnostics = [...parsed.flatMap((module) => module.diagnostics), ...checked.diagnostics];
  const fine = checked.complete && !diagnostics.some(({ severity }) => severity === "error");
  return fine ? checked : undefined;
}

/** In steps, so that the oracle's answers are taken in between. */
export async function evaluateOurs(one: FuzzProgram, checked: Checked | undefined, seed: number): Promise<Answers> {
  const questions = questionsOf(one);
  const all = (answer: Answer): Answers => new Map(questions.map((question) => [question, answer]));
  if (checked === undefined) return all({ kind: "refused", message: "" });
  await setImmediate();
  try {
    const entrypoints = [...new Set(questions.map(({ path }) => path))];
    const build = builds[seed % builds.length];
    const compiled = compile(checked, { entrypoints, ...build });
    if (compiled.module === undefined)
      return all({
        kind: "error",
        code: "rw_unsupported",
        message: compiled.diagnostics[0]?.message ?? "",
        place: "",
        prints: undefined,
      });
    await setImmediate();
    const instance = createInstance(compiled.module, { now: () => 0n });
    instance.setData(one.data);
    // Errors are told as the build with marks meets them, which is OPA's order.
    const telling = (): Instance | undefined => {
      const marked = compile(checked, { entrypoints, watch: "marks" }).module;
      if (marked === undefined) return undefined;
      const beside = createInstance(marked, { now: () => 0n });
      beside.setData(one.data);
      return beside;
    };
    let told: Instance | undefined;
    const again = (): Instance => {
      told ??= build?.watch === "marks" ? instance : telling();
      return told ?? instance;
    };
    const printing = build?.build !== "portable" && build?.watch !== "marks";
    return new Map(questions.map((question) => [question, decide(instance, again, question, printing)]));
  } catch (error) {
    return all({
      kind: "error",
      code: "crash",
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      place: "",
      prints: undefined,
    });
  }
}

/** `printing`: the build tells where it prints, in OPA's order. */
function decide(instance: Instance, again: () => Instance, { path, input, strict }: Question, printing: boolean): Answer {
  const options = { fuel: 20_000_000n, strictBuiltinErrors: strict };
  const outcome = instance.evaluate(path, input, options);
  const lines = outcome.prints.map(({ place, line }) => `${place === undefined ? "" : `${place.file}:${place.row}`}: ${line}`);
  const prints = printing ? lines : undefined;
  if (outcome.kind === "error") {
    const ended = isRepeatable(outcome.error) ? again().evaluate(path, input, options) : outcome;
    return { kind: "error", ...faultOf(ended.kind === "error" ? ended.error : outcome.error), prints };
  }
  const builtinErrors = outcome.builtinErrors.map(faultOf);
  const [solution] = readExact(outcome.text) as readonly { readonly result: ExactJson }[];
  return solution === undefined
    ? { kind: "undefined", builtinErrors, prints }
    : { kind: "value", text: unspelled(solution.result), builtinErrors, prints };
}

function faultOf({ code, message, place }: EvaluationError): Fault {
  return { code, message, place: place === undefined ? "" : `${place.file}:${place.row}:${place.col}` };
}
