// Queries of which a part is decided, of policies that are compiled already.
import type { Checked } from "#analysis/rego/checked.ts";
import { askedQuery } from "#evaluation/partial/asked-query.ts";
import { partialEvaluation } from "#evaluation/partial/partial.ts";
import { documentPaths } from "#evaluation/partial/paths.ts";
import { residualJson } from "#evaluation/partial/residual-json.ts";
import { bodyLines, moduleText } from "#evaluation/partial/residual-text.ts";
import type { PartialDecision, PartialOptions } from "./api.ts";
import { evaluateOptions, nanoseconds } from "./limits.ts";

export interface PartialQuestion {
  readonly query: string;
  /** JSON text. */
  readonly data: string;
  readonly maxPages: number;
}

export function partialDecision(checked: Checked, question: PartialQuestion, options: PartialOptions): PartialDecision {
  const {
    input,
    unknowns = ["input"],
    disableInlining = [],
    shallowInlining = false,
    nondeterministicBuiltins = false,
  } = options;
  const fault = (code: string, message: string): PartialDecision => ({ kind: "error", code, message, prints: [] });
  const paths = documentPaths([...unknowns, ...disableInlining]);
  if ("fault" in paths) return fault("rw_path_error", paths.fault);
  const asked = askedQuery(checked, question.query);
  if ("fault" in asked) return fault(asked.fault.code, asked.fault.message);
  const evaluate = evaluateOptions(options);
  const found = partialEvaluation(checked, {
    query: asked.query,
    unknowns: paths.slice(0, unknowns.length),
    kept: paths.slice(unknowns.length),
    isShallow: shallowInlining,
    callsVarying: nondeterministicBuiltins,
    data: question.data,
    input: input === undefined ? undefined : JSON.stringify(input),
    instance: { now: () => nanoseconds(new Date()), maxPages: question.maxPages },
    evaluate,
  });
  const prints = found.prints.map((text) => ({ text }));
  if (found.kind === "error") return { kind: "error", code: found.error.code, message: found.error.message, prints };
  return {
    kind: "partial",
    queries: found.queries.map((body) => bodyLines(body).join("\n")),
    support: found.support.map((module) => moduleText(module)),
    json: JSON.stringify(residualJson(found)),
    prints,
  };
}
