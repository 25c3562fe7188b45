// What a HOCON path means in a project: its value, where it is assigned, and who refers to it, over the files that include each other.
import type { ConfigValue, ObjectValue } from "#analysis/hocon/resolve.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type Use, useAt, usesOf } from "./tree.ts";

export interface Place {
  readonly file: string;
  readonly range: Range;
}

/** The file and every file that it includes, as far as they belong to the workspace. */
export function filesAround(project: Project, file: SourceFile, profile: string | undefined): readonly SourceFile[] {
  const files = new Map([[file.path, file]]);
  for (const { file: path } of project.resolveHocon(file, profile).resolved.sources) {
    const included = project.find(path);
    if (included !== undefined) files.set(path, included);
  }
  return [...files.values()];
}

/** Every assignment of a path in the file and what it includes. */
export function assignmentsOf(
  project: Project,
  file: SourceFile,
  path: readonly string[],
  profile: string | undefined,
): readonly Place[] {
  return filesAround(project, file, profile).flatMap((around) =>
    usesOf(parsedHocon(around)).flatMap((use) =>
      use.kind === "key" && samePath(use.path, path) ? [{ file: around.path, range: use.range }] : [],
    ),
  );
}

/** Every assignment of a path and every substitution of it in the HOCON files of the project. */
export function usesOfPath(project: Project, path: readonly string[], withAssignments: boolean): readonly Place[] {
  const found: Place[] = [];
  for (const file of project.files.values()) {
    if (file.kind !== "hocon") continue;
    for (const use of usesOf(parsedHocon(file))) {
      const own = pathOfUse(use);
      if (own === undefined || !samePath(own, path) || (use.kind === "key" && !withAssignments)) continue;
      found.push({ file: file.path, range: use.range });
    }
  }
  return found;
}

export function pathOfUse(use: Use): readonly string[] | undefined {
  if (use.kind === "key") return use.path;
  return use.kind === "substitution" ? use.node.path : undefined;
}

/** The value at a path of a resolved file. */
export function valueAt(root: ObjectValue, path: readonly string[]): ConfigValue | undefined {
  let at: ConfigValue | undefined = root;
  for (const part of path) {
    if (at?.kind === "object") at = at.fields.get(part);
    else if (at?.kind === "array") at = at.items[Number(part)];
    else return undefined;
  }
  return at;
}

/** Definition of a substitution, of an include's file, of a key's other assignments. */
export function hoconDefinitions(
  project: Project,
  file: SourceFile,
  offset: number,
  profile: string | undefined,
): readonly Place[] {
  const use = useAt(parsedHocon(file), offset);
  if (use === undefined) return [];
  if (use.kind === "include") {
    const { resolved } = project.resolveHocon(file, profile);
    const record = resolved.includes.find(({ node }) => node.start === use.node.start && node.name === use.node.name);
    return (record?.found ?? []).map((source) => ({ file: source.file, range: { start: 0, end: 0 } }));
  }
  return assignmentsOf(project, file, pathOfUse(use)!, profile);
}

/** Every use of the path at an offset. */
export function hoconReferences(project: Project, file: SourceFile, offset: number, withAssignments: boolean): readonly Place[] {
  const use = useAt(parsedHocon(file), offset);
  const path = use === undefined ? undefined : pathOfUse(use);
  return path === undefined ? [] : usesOfPath(project, path, withAssignments);
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}
