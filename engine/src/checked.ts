// Policies read and checked together.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { checkModules } from "#analysis/rego/check.ts";
import type { Checked } from "#analysis/rego/checked.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import type { CheckOptions, Policies, Problem } from "./api.ts";
import { hasError, problemsOf } from "./problems.ts";

export interface CheckedPolicies {
  readonly modules: readonly ParsedModule[];
  readonly problems: readonly Problem[];
  /** Undefined when there are errors. */
  readonly checked: Checked | undefined;
}

export function checked(policies: Policies, { regoVersion = "v1", strict = false }: CheckOptions): CheckedPolicies {
  const modules = Object.entries(policies).map(([file, text]) =>
    parseModule(text, { file, version: regoVersion, isBuiltin: isBuiltinName }),
  );
  const unread = modules.flatMap(({ diagnostics }) => diagnostics);
  // As OPA: what does not parse hides what the others mean.
  const found = hasError(unread) ? undefined : checkModules(modules, { strict, hints: true, printing: true, annotations: true });
  const diagnostics = [...unread, ...(found?.diagnostics ?? []), ...(found?.hints ?? [])];
  const isWhole = found?.complete === true && !hasError(diagnostics);
  return {
    modules,
    problems: problemsOf(diagnostics, new Map(Object.entries(policies))),
    checked: isWhole ? found : undefined,
  };
}
