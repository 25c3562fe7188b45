// What `rw lint` and `rw fix` begin with: the configuration, the rules that are on, the policies.

import type { CustomRules } from "#features/rego/custom-rules.ts";
import { activeRules, type RuleFlags } from "#lint/active-rules.ts";
import { type ActiveRule, collectFacts, type LintFinding, lintFile, lintProject } from "#lint/lint.ts";
import type { LintFile } from "#lint/lint-file.ts";
import { lintRules } from "#lint/rules.generated.ts";
import type { Invocation } from "../command.ts";
import { errorItems, errorText } from "../errors.ts";
import { type FoundConfig, lintConfig } from "./config.ts";
import { chosenRules } from "./flags.ts";
import { type LintSources, lintSources } from "./load.ts";
import { ruleSources } from "./rule-sources.ts";

export interface LintRun {
  readonly found: FoundConfig;
  readonly active: readonly ActiveRule[];
  readonly sources: LintSources;
  /** The rules of the project itself. */
  readonly custom: CustomRules | undefined;
  readonly flags: RuleFlags;
}

/** Everything that linting needs, or why it cannot begin; warnings are printed. */
export async function startLinting(call: Invocation): Promise<LintRun | { readonly fault: string }> {
  const rules = ruleSources(call);
  if ("fault" in rules) return rules;
  const custom = rules.length === 0 ? undefined : (await import("./custom.ts")).compiledRules(rules);
  if (custom !== undefined && "fault" in custom) return custom;
  const flags = chosenRules(call, custom?.rules ?? []);
  if ("fault" in flags) return flags;
  const found = lintConfig(call);
  if ("fault" in found) return found;
  for (const warning of found.warnings) call.io.err(`warning: ${warning}\n`);
  const sources = lintSources(call, found);
  if ("fault" in sources) return sources;
  const { broken } = sources;
  if (broken.length > 0)
    return {
      fault: errorText(
        errorItems(
          broken.flatMap(({ diagnostics }) => diagnostics),
          broken,
        ),
      ).trimEnd(),
    };
  return { found, active: activeRules(lintRules, found.config, flags), sources, custom, flags };
}

/** What all rules find in all files. */
export function findingsOf(files: readonly LintFile[], active: readonly ActiveRule[]): readonly LintFinding[] {
  const found = files.flatMap((file) => {
    const own = lintFile(file, active);
    collectFacts(file, active);
    file.release();
    return own;
  });
  return [...found, ...lintProject(files, active)];
}
