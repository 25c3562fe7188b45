// The packages of a project with their rules, as a tree of names: what a path below `data` leads to.
import type { LintFile } from "./lint-file.ts";
import { ruleName } from "./names.ts";
import { perRun } from "./per-run.ts";

interface Names extends Map<string, Names> {}

/** The names of packages and rules in some files. */
export class KnownPaths {
  readonly #data: Names = new Map();

  constructor(files: Iterable<readonly (readonly string[])[]>) {
    for (const paths of files) for (const path of paths) this.#add(path);
  }

  #add(path: readonly string[]): void {
    let at = this.#data;
    for (const name of path) {
      const next: Names = at.get(name) ?? new Map();
      at.set(name, next);
      at = next;
    }
  }

  /** True for a path to a package, to a rule or to what they are in, and for what a rule, or a package without rules, may hold. */
  leadsSomewhere(path: readonly string[]): boolean {
    let at = this.#data;
    for (const name of path) {
      const next = at.get(name);
      if (next === undefined) return false;
      if (next.size === 0) return true;
      at = next;
    }
    return true;
  }
}

/** The paths of a file's package and rules, without `data`. Dots in names count as more parts, as in Regal. */
export const pathsOf = perRun((file: LintFile): readonly (readonly string[])[] => {
  const { packageName, module } = file;
  return [packageName, ...new Set(module.rules.map((rule) => `${packageName}.${ruleName(rule)}`))].map((path) => path.split("."));
});
