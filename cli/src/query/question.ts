// A checked query with what is around it: all that an evaluation of it is made from.
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { type Compiled, type CompileRequest, compile } from "#compiler/compile.ts";
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Family, HostPorts } from "#evaluation/builtins/builtin.ts";
import { Explained } from "#evaluation/explanation-text.ts";
import { createInstance, type EvaluateOptions, type Instance, type InstanceOptions, type Outcome } from "#evaluation/instance.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { systemTime } from "../system-time.ts";

const entrypoint = "query";

export interface Question {
  readonly text: string;
  /** Tells the host of its solutions. */
  readonly query: CheckedQuery;
  /** The policies around it. */
  readonly checked: Checked;
  readonly modules: readonly ParsedModule[];
  /** JSON texts. */
  readonly data: string;
  readonly input: string | undefined;
  readonly ports: HostPorts;
  /** What of OPA's ways to do less is not done. */
  readonly without: Pick<CompileRequest, "indexing" | "earlyExit">;
}

/** The query over these policies, which are those around it, maybe with marks of their own. */
export function compileQuestion(
  { text, query, without }: Question,
  policies: Checked,
  request: Partial<CompileRequest>,
): Compiled {
  return compile(policies, { queries: [{ name: entrypoint, text, query }], ...without, ...request });
}

/** An instance of the compiled query. */
export function instanceOf(
  { ports }: Question,
  module: EmittedModule,
  builtins: Family,
  options: Pick<InstanceOptions, "onMark" | "onMarkAgain" | "onNote"> = {},
): Instance {
  return createInstance(module, { now: systemTime, ports, builtins, ...options });
}

/** Its solutions are heard: the text that is left has a form for every value. */
export function evaluateQuestion({ input }: Question, instance: Instance, options: EvaluateOptions): Outcome {
  return instance.evaluate(entrypoint, input, { ...options, format: "rego" });
}

/** What the course of a module's evaluations is told by. */
export function explainedBy({ text, query }: Question, policies: Checked, { files }: EmittedModule): Explained {
  const names = new Map([...query.writtenNames, ...query.vars]);
  return new Explained(policies, files, { text, body: query.body, names });
}
