// The documents of a project that are in none of its policies: base documents, what RMS gives, policies beside its root.
import { isInBaseData, isOfRms } from "#workspace/known-documents.ts";
import type { Project } from "#workspace/project.ts";

/** True for a path, without `data`, that leads to such a document, or into one. */
export function hasDocument(project: Project, path: readonly string[]): boolean {
  return isInBaseData(project.data, path) || isOfRms(path) || packagesBeside(project).some((name) => leadsToPackage(name, path));
}

function packagesBeside(project: Project): readonly (readonly string[])[] {
  return project.once("packagesBeside", () => project.shared.map((file) => project.packageOf(file).split(".").slice(1)));
}

/** True for a package's name, for what is above it, and for what is in it. */
function leadsToPackage(name: readonly string[], path: readonly string[]): boolean {
  const shorter = Math.min(name.length, path.length);
  return name.slice(0, shorter).every((part, at) => part === path[at]);
}
