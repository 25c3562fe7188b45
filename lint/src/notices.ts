// Why a rule looks at nothing of a file: the language has settled what it is about, or the OPA that policies are for lacks what it would propose.

import { keywordFeature } from "./configured-opa.ts";
import type { ActiveRule } from "./lint.ts";
import type { LintFile } from "./lint-file.ts";
import type { Notice } from "./rule.ts";

/** For rules about what Rego v1 refuses by itself. */
export function onlyInV0(description: string): (file: LintFile) => Notice | undefined {
  return (file) => (file.hasFeature("rego_v1") && file.module.version !== "v0" ? { description, severity: "none" } : undefined);
}

/** For rules about keywords; the later language has them all. */
export function needsKeyword(word: string): (file: LintFile) => Notice | undefined {
  const description = `Missing capability for keyword \`${word}\``;
  return (file) =>
    ["rego_v1", "rego_v1_import", keywordFeature(word)].some((name) => file.hasFeature(name))
      ? undefined
      : { description, severity: "warning" };
}

/** For the rule that proposes the later language. */
export function needsImportOfV1(file: LintFile): Notice | undefined {
  if (file.hasFeature("rego_v1") || file.hasFeature("rego_v1_import")) return undefined;
  return { description: "Missing capability for `import rego.v1`", severity: "warning" };
}

/** The first reason that there is. */
export function either(...reasons: readonly ((file: LintFile) => Notice | undefined)[]): (file: LintFile) => Notice | undefined {
  return (file) => reasons.map((reason) => reason(file)).find((notice) => notice !== undefined);
}

/** For rules that propose builtins. */
export function needsBuiltins(
  names: readonly string[],
  description: string,
  severity: Notice["severity"] = "none",
): (file: LintFile) => Notice | undefined {
  return ({ builtins }) => (names.every((name) => builtins.has(name)) ? undefined : { description, severity });
}

export interface ToldNotice {
  readonly title: string;
  readonly category: string;
  readonly description: string;
  /** `none` for what nobody asked for; a rule that the configuration names was skipped with the level that it has there. */
  readonly severity: "none" | "warning" | "error";
}

/** Each once, by the names of the rules; `isNamed` says whether the configuration has an entry of a rule. */
export function noticesOf(
  files: readonly LintFile[],
  active: readonly ActiveRule[],
  isNamed: (rule: ActiveRule["rule"]) => boolean,
): readonly ToldNotice[] {
  const found = new Map<string, ToldNotice>();
  for (const { rule, level, leavesOut } of active) {
    for (const file of files) {
      const notice = leavesOut?.(file.relativePath) === true ? undefined : rule.notice?.(file);
      if (notice === undefined) continue;
      const severity = isNamed(rule) ? level : notice.severity;
      found.set(`${rule.name} ${notice.description}`, { title: rule.name, category: rule.category, ...notice, severity });
    }
  }
  return [...found.values()].sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
}
