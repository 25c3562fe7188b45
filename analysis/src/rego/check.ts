// Checks a set of modules as OPA's compiler does: stage by stage, each rewriting what the one before gave.

import type { ParsedModule, ParsedQuery } from "#grammars/rego/parse.ts";
import type { Checked, CheckedQuery, CheckOptions, QueryOptions } from "./checked.ts";
import { IncrementalCheck } from "./incremental.ts";
import { compileQuery } from "./query.ts";
import { LocalNames } from "./rule-units.ts";

/** Checks modules together. Syntax errors are in the modules' own diagnostics: what did parse is checked here all the same. */
export function checkModules(parsed: readonly ParsedModule[], options: CheckOptions = {}): Checked {
  const names = options.sharedNames === true ? LocalNames.over(parsed) : undefined;
  return new IncrementalCheck(options, names).check(parsed, { once: true });
}

/** Checks a query against checked modules. */
export function checkQuery(checked: Checked, parsed: ParsedQuery, options: QueryOptions = {}): CheckedQuery {
  return compileQuery(checked, parsed, options);
}
