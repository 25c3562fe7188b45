// What is kept of a project from moment to moment, for each root of those that share what they know.
import type { Project } from "#workspace/project.ts";

/** Gives what was made for the root of a project, at whatever moment. */
export function perRoot<T>(make: () => T): (project: Pick<Project, "lineage" | "root">) => T {
  const made = new WeakMap<object, Map<string, T>>();
  return ({ lineage, root }) => {
    const roots = made.get(lineage) ?? new Map<string, T>();
    made.set(lineage, roots);
    if (!roots.has(root)) roots.set(root, make());
    return roots.get(root) as T;
  };
}
