// Definitions and references of HOCON paths, over the files that include each other and the other samples of a project.
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { namesOf } from "../rego/project-names.ts";
import { documentOf, type HoconDocument, mentionsOf, placesOf, pointedAt } from "./document.ts";
import { useAt } from "./tree.ts";

interface Place {
  readonly file: string;
  readonly range: Range;
}

/** Definition of a substitution or key: every assignment of its path; of an include: its files. */
export function hoconDefinitions(project: Project, file: SourceFile, offset: number): readonly Place[] {
  const use = useAt(parsedHocon(file), offset);
  if (use?.kind === "include") {
    const { includes } = documentOf(project, file).resolved;
    const record = includes.find(({ node }) => node.start === use.node.start && node.name === use.node.name);
    return (record?.found ?? []).map((source) => ({ file: source.file, range: { start: 0, end: 0 } }));
  }
  const mentions = pointedAt(project, file, offset).flatMap(({ document, path }) => mentionsOf(document, path));
  return placesOf(mentions.filter(({ kind }) => kind === "key"));
}

/** Every use of the path at an offset: in the documents around the file, and in other samples, whose same path policies read alike. */
export function hoconReferences(project: Project, file: SourceFile, offset: number, withAssignments: boolean): readonly Place[] {
  const pointed = pointedAt(project, file, offset);
  const [first] = pointed;
  if (first === undefined) return [];
  const around = new Set(pointed.map(({ document }) => document));
  const samples = new Set(project.inputs.samples.map((sample) => sample.file));
  const inSamples = pointed.filter(({ document }) => samples.has(document.file)).map(({ path }) => path);
  const others: HoconDocument[] = [];
  if (inSamples.length > 0) for (const sample of samples) if (sample.kind === "hocon") others.push(documentOf(project, sample));
  const mentions = [
    ...pointed.flatMap(({ document, path }) => mentionsOf(document, path)),
    ...others.filter((other) => !around.has(other)).flatMap((other) => inSamples.flatMap((path) => mentionsOf(other, path))),
  ];
  const inPolicies = inSamples.flatMap((path) =>
    namesOf(project).references({ kind: "document", path: ["input", ...path] }, true),
  );
  return [...placesOf(mentions.filter(({ kind }) => withAssignments || kind !== "key")), ...inPolicies];
}

/** The places of the path at an offset within its file; those that assign it are writes. */
export function hoconHighlights(
  project: Project,
  file: SourceFile,
  offset: number,
): readonly { readonly range: Range; readonly write: boolean }[] {
  const found = pointedAt(project, file, offset).flatMap(({ document, path }) => mentionsOf(document, path));
  const own = found.filter((item) => item.file === file.path);
  const writes = new Set(own.filter(({ kind, last }) => kind === "key" && last).map(({ range }) => range.start));
  return placesOf(own).map(({ range }) => ({ range, write: writes.has(range.start) }));
}
