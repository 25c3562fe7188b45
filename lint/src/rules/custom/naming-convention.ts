// Names of packages, rules, functions and variables that do not match a pattern of the configuration.

import type { LintFile } from "../../lint-file.ts";
import { headText, isFunction } from "../../names.ts";
import { matchesPattern } from "../../pattern.ts";
import { type Found, fileRule } from "../../rule.ts";
import { headRange, wordRange } from "../../rule-places.ts";
import { varsOfFile } from "../../rule-vars.ts";
import { isWildcard } from "../../terms.ts";

interface Convention {
  readonly pattern?: string;
  /** Names that need not match. */
  readonly names?: readonly string[];
  /** `package`, `rule`, `function`, `variable` or `var`. */
  readonly targets?: readonly string[];
}

export const namingConvention = fileRule({
  name: "naming-convention",
  category: "custom",
  description: "Naming convention violation",
  level: "ignore",
  options: { conventions: [] as readonly Convention[] },
  isItem: isConvention,
  *check(file: LintFile, { conventions }): Iterable<Found> {
    for (const convention of conventions) {
      const targets = new Set(convention.targets);
      for (const one of namedThings(file, targets)) {
        if (fits(one.name, convention)) continue;
        const message = `Naming violation: ${one.kind} name "${one.name}" does not match configured convention`;
        yield { range: one.range, message };
      }
    }
  },
});

function isConvention(item: unknown): item is Convention {
  if (typeof item !== "object" || item === null) return false;
  const { pattern, names, targets } = item as Readonly<Record<string, unknown>>;
  return (
    (pattern === undefined || typeof pattern === "string") &&
    [names, targets].every((list) => list === undefined || Array.isArray(list))
  );
}

interface Named extends Pick<Found, "range"> {
  readonly kind: "package" | "rule" | "function" | "variable";
  readonly name: string;
}

function* namedThings(file: LintFile, targets: ReadonlySet<string>): Iterable<Named> {
  const { package: statement, rules } = file.module;
  if (targets.has("package") && statement !== undefined)
    yield { kind: "package", name: file.packageName, range: wordRange(statement, "package") };
  for (const rule of rules) {
    const kind = isFunction(rule) ? "function" : "rule";
    if (targets.has(kind)) yield { kind, name: headText(rule), range: headRange(rule) };
  }
  if (!targets.has("var") && !targets.has("variable")) return;
  for (const { all } of varsOfFile(file))
    for (const { variable } of all) if (!isWildcard(variable)) yield { kind: "variable", name: variable.name, range: variable };
}

function fits(name: string, { pattern, names }: Convention): boolean {
  return names?.includes(name) === true || (pattern !== undefined && matchesPattern(name, pattern));
}
