// Rename of a HOCON key: in keys, dotted paths and substitutions, across the include graph.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { hasOuterSpace, renderElement } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { mentionsOf, placesOf, pointedAt, pointedTogether } from "./document.ts";
import { samePath } from "./occurrences.ts";

export type HoconRename = { readonly edits: readonly (TextEdit & { readonly file: string })[] } | { readonly refusal: string };

/** What a rename would replace. */
export function prepareHoconRename(
  project: Project,
  file: SourceFile,
  offset: number,
): { readonly range: Range; readonly name: string } | { readonly refusal: string } {
  const [first] = pointedAt(project, file, offset);
  if (first === undefined) return { refusal: "only keys and paths of substitutions can be renamed" };
  return { range: first.occurrence.range, name: first.occurrence.path.at(-1)! };
}

/** Renames one element of a path in keys, dotted paths and substitutions of all documents that the file belongs to. */
export function renameHocon(project: Project, file: SourceFile, offset: number, newName: string): HoconRename {
  const pointed = pointedTogether(project, file, offset);
  if (pointed.length === 0) return { refusal: "only keys and paths of substitutions can be renamed" };
  if (newName === "") return { refusal: "a key needs a name" };
  for (const { document, path } of pointed) {
    const wanted = [...path.slice(0, -1), newName];
    if (document.occurrences.some((item) => item.kind === "key" && samePath(item.path, wanted))) {
      return { refusal: `\`${newName}\` already exists here: the two keys would merge` };
    }
  }
  const written = newName === "include" || hasOuterSpace(newName) ? JSON.stringify(newName) : renderElement(newName);
  const mentions = pointed.flatMap(({ document, path }) => mentionsOf(document, path));
  // The properties of a profile are written in `rw.conf`, as strings.
  const property = mentions.find(({ file: where }) => project.find(where) === undefined);
  if (property !== undefined)
    return { refusal: `\`${property.path.join(".")}\` is a property of the profile in rw.conf: rename it there, too, by hand` };
  return {
    edits: placesOf(mentions).map(({ file: where, range }) => ({ file: where, range, newText: written })),
  };
}
