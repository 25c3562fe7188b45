// The project's own rules in Rego: compiled, and asked of the policies that are linted.
import { backstopFuel } from "#evaluation/fuel.ts";
import { createInstance } from "#evaluation/instance.ts";
import { regalFamily } from "#evaluation/regal-builtins.ts";
import {
  activeCustomRules,
  type CustomFindings,
  type CustomRules,
  compileRules,
  customFindings,
  type RuleAnswer,
  type RuleQuestion,
  type RuleSource,
  rulesData,
} from "#features/rego/custom-rules.ts";
import type { RuleFlags } from "#lint/active-rules.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { systemTime } from "../system-time.ts";
import type { FoundConfig } from "./config.ts";

/** Undefined where the files have no rules. */
export function compiledRules(sources: readonly RuleSource[]): CustomRules | { readonly fault: string } | undefined {
  const compiled = compileRules(sources);
  return compiled !== undefined && "problem" in compiled ? { fault: compiled.problem } : compiled;
}

/** What the rules that are on find. */
export function findingsOfCustomRules(
  files: readonly LintFile[],
  custom: CustomRules,
  { config, value }: FoundConfig,
  flags: RuleFlags,
): CustomFindings {
  const active = activeCustomRules(custom.rules, config, flags);
  if (active.length === 0) return { findings: [], faults: [] };
  const instance = createInstance(custom.module, { now: systemTime, builtins: regalFamily });
  instance.setData(rulesData(value, active, files[0]?.builtins.keys() ?? []));
  const answer = ({ entrypoints, input }: RuleQuestion): readonly RuleAnswer[] => {
    const text = input();
    return entrypoints.map((entrypoint) => {
      const outcome = instance.evaluate(entrypoint, text, { fuel: backstopFuel });
      if (outcome.kind === "error") return { fault: outcome.error.message };
      const [solution] = JSON.parse(outcome.text) as readonly { readonly result: unknown }[];
      return { json: solution === undefined ? undefined : JSON.stringify(solution.result) };
    });
  };
  const asking = customFindings(files, active);
  let step = asking.next();
  while (step.done !== true) step = asking.next(answer(step.value));
  return step.value;
}
