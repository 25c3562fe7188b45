// The HOCON documents of a project, with their written paths: what every HOCON feature starts from.
import type { Resolved } from "#analysis/hocon/resolve.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type Occurrence, occurrencesOf, samePath } from "./occurrences.ts";

export interface HoconDocument {
  readonly file: SourceFile;
  readonly resolved: Resolved;
  readonly occurrences: readonly Occurrence[];
  /** The paths of all keys, as `pathKey` writes them. */
  readonly keys: ReadonlySet<string>;
}

/** A path as one string, for sets and maps. */
export function pathKey(path: readonly string[]): string {
  return path.join("\u0000");
}

const documents = new WeakMap<Resolved, HoconDocument>();

/** A file as the root of a document, with the profile of the project's settings. */
export function documentOf(project: Project, file: SourceFile): HoconDocument {
  const { resolved } = project.inputs.resolveHocon(file, project.settings.profile);
  let document = documents.get(resolved);
  if (document === undefined) {
    const occurrences = occurrencesOf(resolved);
    const keys = new Set(occurrences.flatMap(({ kind, path }) => (kind === "key" ? [pathKey(path)] : [])));
    document = { file, resolved, occurrences, keys };
    documents.set(resolved, document);
  }
  return document;
}

/** The documents that a file belongs to: its own, then those that include it, or lie on it as their base document. */
export function documentsAround(project: Project, file: SourceFile): readonly HoconDocument[] {
  const own = documentOf(project, file);
  const others: HoconDocument[] = [];
  const isBelowAll = project.inputs
    .layers(project.settings.profile)
    .some((layer) => layer === file || documentOf(project, layer).resolved.sources.some((source) => source.file === file.path));
  for (const other of project.files.values()) {
    if (other.kind !== "hocon" || other === file || other.unreadable !== undefined) continue;
    if (!isBelowAll && !other.text.includes("include")) continue;
    const document = documentOf(project, other);
    const { sources, documents: layers } = document.resolved;
    if ([...sources, ...layers].some((source) => source.file === file.path)) others.push(document);
  }
  return [own, ...others];
}

/** The written path at an offset. */
export function occurrenceAt({ occurrences }: HoconDocument, file: string, offset: number): Occurrence | undefined {
  return occurrences.find((item) => item.file === file && item.range.start <= offset && offset <= item.range.end);
}

/** A path that the cursor is on, in one of the documents around its file. */
export interface Pointed {
  readonly document: HoconDocument;
  readonly occurrence: Occurrence;
  readonly path: readonly string[];
}

/** What an offset points at, in every document that the file belongs to; its own document first. */
export function pointedAt(project: Project, file: SourceFile, offset: number): readonly Pointed[] {
  return documentsAround(project, file).flatMap((document) => {
    const occurrence = occurrenceAt(document, file.path, offset);
    return occurrence === undefined ? [] : [{ document, occurrence, path: meaningOf(document, occurrence) }];
  });
}

/** The same for everything that shares a place with it, through further documents: what a rename must keep together. */
export function pointedTogether(project: Project, file: SourceFile, offset: number): readonly Pointed[] {
  const all = [...pointedAt(project, file, offset)];
  const seen = new Set([file.path]);
  for (const { document, path } of all)
    for (const { file: where, range } of mentionsOf(document, path)) {
      const other = seen.has(where) ? undefined : project.find(where);
      seen.add(where);
      if (other === undefined) continue;
      for (const found of pointedAt(project, other, range.start))
        if (!all.some((item) => item.document === found.document && samePath(item.path, found.path))) all.push(found);
    }
  return all;
}

/** Every key and substitution of a document that means a path. */
export function mentionsOf(document: HoconDocument, path: readonly string[]): readonly Occurrence[] {
  return document.occurrences.filter((item) => item.path.at(-1) === path.at(-1) && samePath(meaningOf(document, item), path));
}

/** Each written place once, though a file may take part in several documents. */
export function placesOf(occurrences: readonly Occurrence[]): readonly { readonly file: string; readonly range: Range }[] {
  const seen = new Set<string>();
  return occurrences.flatMap(({ file, range }) => {
    const key = `${file}:${range.start}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ file, range }];
  });
}

/** The path that a substitution really means: below its includes, or from the root; as written when neither has a key. */
export function meaningOf({ keys }: HoconDocument, occurrence: Occurrence): readonly string[] {
  if (occurrence.kind === "key" || keys.has(pathKey(occurrence.path))) return occurrence.path;
  const written = occurrence.substitution!.path.length;
  const depth = occurrence.path.length;
  for (let prefix = depth - 1; prefix > 0; prefix--) {
    const plain = occurrence.path.slice(prefix);
    if (plain.length <= written && keys.has(pathKey(plain))) return plain;
  }
  return occurrence.path;
}
