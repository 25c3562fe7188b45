// What the arguments of the library `rms.rbac` stand for, by its functions.
import type { Project } from "#workspace/project.ts";
import { asksForLibrary } from "#workspace/rms.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { callAt } from "../rego/calls.ts";
import { type Names, pathOfName } from "../rego/names.ts";
import { namesOf } from "../rego/project-names.ts";

export type UseKind = "role" | "action" | "resource" | "subject";

/** By argument; further ones stand for nothing that has a name. */
const argumentKinds: Readonly<Record<string, readonly UseKind[]>> = {
  user_has_role: ["subject", "role"],
  user_has_responsibility: ["subject", "action", "resource"],
  user_has_responsibility_for: ["subject", "action", "resource"],
  why: ["subject", "action", "resource"],
  explained: ["subject", "action", "resource"],
  separated: ["subject", "role", "role"],
  roles: ["subject"],
  assigned: ["subject"],
  suspended: ["subject"],
  known: ["subject"],
};
/** Functions whose values are sets of roles. */
const roleSets: ReadonlySet<string> = new Set(["roles", "assigned"]);

/** The name of a function of `rms.rbac`, by how a file calls it; undefined for another one. */
function libraryFunction(names: Names, written: string): string | undefined {
  const path = pathOfName(names, written);
  return path.length === 4 && path.slice(0, 3).join(".") === "data.rms.rbac" ? path[3] : undefined;
}

/** True for a call that gives roles. */
export function givesRoles(names: Names, written: string): boolean {
  return roleSets.has(libraryFunction(names, written) ?? "");
}

/** What each argument of a call stands for; nothing for functions of others. */
export function argumentKindsOf(names: Names, written: string): readonly UseKind[] {
  const name = libraryFunction(names, written);
  return name !== undefined && Object.hasOwn(argumentKinds, name) ? (argumentKinds[name] ?? []) : [];
}

/** What an argument at an offset stands for: the one that begins there, or is about to. */
export function argumentKindAt(project: Project, file: SourceFile, offset: number): UseKind | undefined {
  if (!asksForLibrary(file.text)) return undefined;
  const call = callAt(project.parsed(file), offset);
  return call?.direct === true ? argumentKindsOf(namesOf(project).names(file), call.name)[call.argument] : undefined;
}
