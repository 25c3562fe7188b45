// A project bit by bit: the policies that some files lead to are found without reading the others, since the head of a text tells its package.
import { headName } from "#analysis/rego/tree/refs.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { plainPackage } from "./package-name.ts";
import type { Project } from "./project.ts";
import { referencedPaths, Scopes } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";

/** Characters of policies that are read and checked together: a key waits for the check that was begun before its own policy is checked. */
const portion = 40_000;

/** The policies that a file leads to: with them alone, its findings are those that it has among all. */
export function* policiesAround(project: Project, file: SourceFile): Steps<ReadonlySet<SourceFile>> {
  const found = new Set<SourceFile>();
  yield* follow(project, file, found);
  // Its rules may conflict with packages.
  for (const { head } of project.parsed(file).module.rules)
    for (const other of scopesOf(project).at(`${project.packageOf(file)}.${headName(head)}`))
      yield* follow(project, other, found);
  // What is broken may lack anything.
  for (const other of project.policies) if (plainPackage(other) === undefined) yield* follow(project, other, found);
  return found;
}

/** Some of the policies that were not read yet, with those that they lead to. */
export function* morePolicies(project: Project): Steps<ReadonlySet<SourceFile>> {
  const { unread } = project;
  const left = new Set(unread);
  const found = new Set([...project.policies, ...project.shared, ...project.library].filter((file) => !left.has(file)));
  let size = 0;
  for (const file of unread) {
    if (size > portion) break;
    size += yield* follow(project, file, found);
  }
  return found;
}

/** Adds a file and what it leads to; gives the characters that were added. */
function* follow(project: Project, start: SourceFile, found: Set<SourceFile>): Steps<number> {
  const scopes = scopesOf(project);
  const waiting = [start];
  let size = 0;
  for (const file of waiting) {
    if (found.has(file)) continue;
    found.add(file);
    size += file.text.length;
    yield* project.parsedSteps(file);
    yield;
    // The annotations of a package may hold for the packages below it.
    waiting.push(...scopes.near(file), ...scopes.holding(project.packageOf(file)));
  }
  return size;
}

function scopesOf(project: Project): Scopes<SourceFile> {
  return project.once(
    "scopesOfFiles",
    () =>
      new Scopes(
        [...project.policies, ...project.shared, ...project.library].filter(({ unreadable }) => unreadable === undefined),
        (file) => project.packageOf(file),
        (file) => referencedPaths(project.parsed(file)),
      ),
  );
}
