// Keys behind variables whose values come from the input or the data: `price` of `item.price`, where `item` goes through `input.items`.
import type { Range, Ref } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { pathOfTerm } from "./local-origins.ts";
import type { Found, ProjectNames } from "./project-names.ts";
import { recoveredModule } from "./recovered.ts";
import { nodesAt, walk } from "./tree.ts";

export interface MemberKey {
  readonly range: Range;
  /** The path that the key ends, from `input` or `data`; what variables choose is `*`. */
  readonly path: readonly string[];
}

/** The key at an offset. */
export function memberKeyAt(project: Project, names: ProjectNames, file: SourceFile, offset: number): MemberKey | undefined {
  const ref = nodesAt(recoveredModule(project.parsed(file)), offset).findLast((node) => node.kind === "ref") as Ref | undefined;
  const at = ref?.parts.findIndex(({ start, end }) => start <= offset && offset <= end) ?? -1;
  return ref === undefined ? undefined : keyOf(project, names, file, ref, at);
}

/** The keys of a path that stand behind variables, in all policies. */
export function memberKeysOf(project: Project, names: ProjectNames, path: readonly string[]): readonly Found[] {
  const name = path.at(-1)!;
  const found: Found[] = [];
  for (const file of project.policies) {
    if (!file.text.includes(name)) continue;
    walk(recoveredModule(project.parsed(file)), (node) => {
      if (node.kind !== "ref") return;
      for (const [at, part] of (node as Ref).parts.entries()) {
        if (part.kind !== "string" || part.value !== name || names.occurrenceAt(file, part.start) !== undefined) continue;
        const key = keyOf(project, names, file, node as Ref, at);
        if (key?.path.length === path.length && key.path.every((one, index) => one === path[index]))
          found.push({ file: file.path, range: key.range });
      }
    });
  }
  return found;
}

function keyOf(project: Project, names: ProjectNames, file: SourceFile, ref: Ref, at: number): MemberKey | undefined {
  const part = ref.parts[at];
  if (part?.kind !== "string" || at === 0) return undefined;
  const above = { ...ref, parts: ref.parts.slice(0, at + 1) };
  const path = pathOfTerm(above, recoveredModule(project.parsed(file)), names.names(file));
  return path === undefined ? undefined : { range: part, path };
}
