// Definition, references, highlights and rename of HOCON paths, across the include graph.
import type { TextEdit } from "#grammars/diagnostic.ts";
import { hasOuterSpace, renderElement } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { documentsAround, type HoconDocument, meaningOf, occurrenceAt } from "./document.ts";
import { type Occurrence, samePath } from "./names.ts";

export interface HoconPlace {
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

/** Where the path at an offset is assigned, the last (winning) place first; the file of an include statement. */
export function hoconDefinitions(project: Project, file: SourceFile, offset: number): readonly HoconPlace[] {
  const included = includedFiles(project, file, offset);
  if (included.length > 0) return included;
  for (const { document, occurrence, path } of pointedAt(project, file, offset)) {
    const keys = document.occurrences.filter((item) => item.kind === "key" && samePath(item.path, path));
    const others = occurrence.kind === "key" && keys.length > 1 ? keys.filter((item) => item.range !== occurrence.range) : keys;
    if (others.length > 0) return places(others).reverse();
  }
  return [];
}

function includedFiles(project: Project, file: SourceFile, offset: number): readonly HoconPlace[] {
  const [own] = documentsAround(project, file);
  for (const { source, node, found } of own!.resolved.includes) {
    if (source.file !== file.path || offset < node.start || offset > node.end) continue;
    return found.map((target) => ({ file: target.file, range: { start: 0, end: 0 } }));
  }
  return [];
}

/** Every key and substitution of the path at an offset. */
export function hoconReferences(project: Project, file: SourceFile, offset: number, withKeys: boolean): readonly HoconPlace[] {
  return places(mentions(project, file, offset).filter((item) => withKeys || item.kind === "substitution"));
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

/** The same path elsewhere in this file; keys are writes. */
export function hoconHighlights(
  project: Project,
  file: SourceFile,
  offset: number,
): readonly { readonly range: Range; readonly write: boolean }[] {
  const found = new Map<number, { range: Range; write: boolean }>();
  for (const { file: where, range, kind } of mentions(project, file, offset)) {
    if (where === file.path) found.set(range.start, { range, write: kind === "key" });
  }
  return [...found.values()];
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
