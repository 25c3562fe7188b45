// The library that rules in Rego ask, as modules.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { regalBuiltins } from "#evaluation/regal-builtins.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { regalLibrary } from "#lint/library.generated.ts";

/** True for the name of a builtin that rules may call. */
export function mayCall(name: string): boolean {
  return isBuiltinName(name) || regalBuiltins.some((one) => one.name === name);
}

export function ruleLibrary(): readonly ParsedModule[] {
  return regalLibrary.map(({ name, text }) => parseModule(text, { file: name, isBuiltin: mayCall }));
}
