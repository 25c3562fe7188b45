// Whether the policies of a project are written in Rego v0 while they are read as v1: then nearly every rule is a fault, and one setting mends all.
import { parseModule } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";
import { isBuiltin } from "./rego/builtin-docs.ts";

export interface OldDialect {
  /** Policies that can be read as v0 and not as v1. */
  readonly old: number;
  readonly all: number;
}

/** Characters that are read a second time at most; a project shows on its first files what it is written in. */
const enough = 1_000_000;

/** Set where most of the policies that were looked at are v0, and nobody has said which dialect they are in. */
export function oldDialectOf(project: Project): OldDialect | undefined {
  if (project.settings.regoVersion !== undefined) return undefined;
  let old = 0;
  let looked = 0;
  let read = 0;
  for (const file of project.policies) {
    if (read > enough) break;
    looked += 1;
    if (project.versionOf(file) !== "v1" || project.parsed(file).diagnostics.length === 0) continue;
    read += file.text.length;
    if (parseModule(file.text, { file: file.path, version: "v0", isBuiltin }).diagnostics.length === 0) old += 1;
  }
  const all = project.policies.length;
  return old * 2 > looked ? { old: Math.round((old / looked) * all), all } : undefined;
}
