// Which keys of `input` the policies read, by the references in their rules.
import type { Project } from "#workspace/project.ts";
import { namesOf } from "./rego/project-names.ts";

/** Keys that policies read below a path of `input`. */
export function keysReadBelow(project: Project, path: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const read of project.once("inputReads", () => inputReads(project))) {
    const key = read[path.length];
    if (key !== undefined && path.every((part, index) => part === read[index])) found.add(key);
  }
  return found;
}

function inputReads(project: Project): readonly (readonly string[])[] {
  const names = namesOf(project);
  return project.policies.flatMap((file) => {
    if (file.unreadable !== undefined) return [];
    return names.names(file).occurrences.flatMap(({ meaning }) => {
      return meaning.kind === "place" && meaning.path[0] === "input" && meaning.path.length > 1 ? [meaning.path.slice(1)] : [];
    });
  });
}
