// Rename of a HOCON key: in keys, dotted paths and substitutions, across the include graph.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { hasOuterSpace, renderElement } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentsAround, type HoconDocument, meaningOf, occurrenceAt } from "./document.ts";
import { type Occurrence, samePath } from "./occurrences.ts";

interface HoconPlace {
  readonly file: string;
  readonly range: Range;
}

interface Pointed {
  readonly document: HoconDocument;
  readonly occurrence: Occurrence;
  readonly path: readonly string[];
}

function pointedAt(project: Project, file: SourceFile, offset: number): readonly Pointed[] {
  return documentsAround(project, file).flatMap((document) => {
    const occurrence = occurrenceAt(document, file.path, offset);
    return occurrence === undefined ? [] : [{ document, occurrence, path: meaningOf(document, occurrence) }];
  });
}

function mentions(project: Project, file: SourceFile, offset: number): readonly Occurrence[] {
  return pointedAt(project, file, offset).flatMap(({ document, path }) =>
    document.occurrences.filter((item) => {
      const last = item.path.at(-1);
      return last === path.at(-1) && samePath(meaningOf(document, item), path);
    }),
  );
}

function places(occurrences: readonly Occurrence[]): HoconPlace[] {
  const seen = new Set<string>();
  return occurrences.flatMap(({ file, range }) => {
    const key = `${file}:${range.start}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ file, range }];
  });
}

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
  const pointed = pointedAt(project, file, offset);
  if (pointed.length === 0) return { refusal: "only keys and paths of substitutions can be renamed" };
  for (const { document, path } of pointed) {
    const wanted = [...path.slice(0, -1), newName];
    if (document.occurrences.some((item) => item.kind === "key" && samePath(item.path, wanted))) {
      return { refusal: `\`${newName}\` already exists here: the two keys would merge` };
    }
  }
  const written = newName === "include" || hasOuterSpace(newName) ? JSON.stringify(newName) : renderElement(newName);
  return {
    edits: places(mentions(project, file, offset)).map(({ file: where, range }) => ({ file: where, range, newText: written })),
  };
}
