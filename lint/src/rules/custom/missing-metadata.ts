// Packages and public rules without METADATA. Regal means to tell of packages, too, but looks for their names where they are not.
import type { Annotations } from "#analysis/rego/annotations.ts";
import { headParts } from "#analysis/rego/tree/refs.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";
import type { LintFile } from "../../lint-file.ts";
import { ruleName, textOfPart } from "../../names.ts";
import { matchesPattern } from "../../pattern.ts";
import { partsRange } from "../../ref-parts.ts";
import { type FoundInProject, projectRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";
import { isVar } from "../../terms.ts";

/** What lacks METADATA in one file, and where. */
interface Lacking {
  readonly package: Range | undefined;
  readonly packageName: string;
  /** By paths, `authz.allow`. */
  readonly rules: ReadonlyMap<string, Range>;
}

const optional: string | undefined = undefined as string | undefined;

export const missingMetadata = projectRule({
  name: "missing-metadata",
  category: "custom",
  description: "Package or rule missing metadata",
  level: "ignore",
  options: { "except-package-path-pattern": optional, "except-rule-path-pattern": optional },
  collect(file): Lacking {
    const { package: statement } = file.module;
    const isDescribed = statement === undefined || file.annotations.some(isOfPackage);
    return {
      package: isDescribed ? undefined : wordRange(statement, "package"),
      packageName: file.packageName,
      rules: rulesWithout(file),
    };
  },
  judge(collected, { "except-package-path-pattern": packages, "except-rule-path-pattern": rules }) {
    const files = [...collected].sort(([a], [b]) => (a.path < b.path ? -1 : 1));
    return [
      ...firstOf(
        files.map(([file, lacking]) => [file, [[lacking.packageName, lacking.package]]]),
        packages,
      ),
      ...firstOf(
        files.map(([file, lacking]) => [file, [...lacking.rules]]),
        rules,
      ),
    ];
  },
});

/** Each path in the first file that has it. A package with METADATA in one file lacks none; rules are looked at by file. */
function* firstOf(
  files: readonly (readonly [LintFile, readonly (readonly [string, Range | undefined])[]])[],
  excepted: string | undefined,
): Iterable<FoundInProject> {
  const first = new Map<string, FoundInProject>();
  const described = new Set<string>();
  for (const [file, paths] of files) {
    for (const [path, range] of paths) {
      if (range === undefined) described.add(path);
      else if (!first.has(path)) first.set(path, { file, range });
    }
  }
  for (const [path, found] of first) {
    if (described.has(path)) continue;
    if (typeof excepted !== "string" || !matchesPattern(path, excepted)) yield found;
  }
}

function isOfPackage({ scope }: Annotations): boolean {
  return scope !== "document" && scope !== "rule";
}

/** The refs of public rules none of whose parts in this file has METADATA. */
function rulesWithout(file: LintFile): ReadonlyMap<string, Range> {
  const annotated = new Set(file.annotations.map(({ target }) => (target?.kind === "rule" ? target.unit.source : undefined)));
  const found = new Map<string, Range>();
  for (const [name, rules] of Map.groupBy(file.module.rules.filter(isPublic), ruleName)) {
    if (rules.some((rule) => annotated.has(rule))) continue;
    found.set(`${file.packageName}.${name}`, partsRange(rules[0]!.head.reference));
  }
  return found;
}

/** Rules with other terms than names and variables in their heads are none that Regal would look at. */
function isPublic({ head }: Rule): boolean {
  return headParts(head).every((part, at) => (at > 0 && isVar(part)) || textOfPart(part)?.startsWith("_") === false);
}
