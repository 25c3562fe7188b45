// What tests of a project's own rules need besides their files: the library that rules ask, and the builtins that they may call.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { regalBuiltins } from "#evaluation/regal-builtins.ts";
import { ruleLibrary } from "#features/rego/rule-library.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { packageOf } from "#workspace/scope.ts";

export interface RuleLibrary {
  readonly modules: readonly ParsedModule[];
  readonly builtins: readonly Builtin[];
}

/** Undefined where no module is a rule of that kind, or some bring a library of that name themselves. */
export function ruleLibraryFor(modules: readonly ParsedModule[]): RuleLibrary | undefined {
  const packages = modules.map(packageOf);
  if (!packages.some((path) => path.startsWith("data.custom.regal.rules."))) return undefined;
  if (packages.some((path) => path.startsWith("data.regal."))) return undefined;
  return { modules: ruleLibrary(), builtins: regalBuiltins };
}
