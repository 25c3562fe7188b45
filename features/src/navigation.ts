// Definition, references, highlights and rename of any file, by its language.
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { findInputKeys } from "./data-keys.ts";
import { decisionAt } from "./decision-mentions.ts";
import { hoconDefinitions, hoconHighlights, hoconReferences } from "./hocon/navigation.ts";
import { prepareHoconRename, renameHocon } from "./hocon/rename.ts";
import {
  definitionsAt,
  type Highlight,
  highlightsAt,
  type Prepared,
  prepareRename,
  type Renamed,
  referencesAt,
  referencesTo,
  renameAt,
} from "./rego/navigation.ts";
import { type Found, namesOf, type Target } from "./rego/project-names.ts";
import { entrypointsRenamedAt } from "./rego/renamed-entrypoints.ts";

export function definitionsIn(project: Project, file: SourceFile, offset: number): readonly Found[] {
  const decision = decisionTarget(project, file, offset);
  if (decision !== undefined) return namesOf(project).declarations(decision);
  if (file.kind === "hocon") return hoconDefinitions(project, file, offset);
  return file.kind === "rego" ? definitionsAt(project, file, offset) : [];
}

/** The rule or package that a file other than a policy names as a decision. */
function decisionTarget(project: Project, file: SourceFile, offset: number): Target | undefined {
  const path = file.kind === "rego" ? undefined : decisionAt(project, file, offset)?.path;
  if (path === undefined) return undefined;
  const names = namesOf(project);
  if (names.rule(path).length > 0) return { kind: "rule", path };
  return names.filesOfPackage(path).length > 0 ? { kind: "package", path } : undefined;
}

/** Like the definition, but for `input.x` the samples that hold the key. */
export function implementationsIn(project: Project, file: SourceFile, offset: number): readonly Found[] {
  if (file.kind !== "rego") return definitionsIn(project, file, offset);
  const occurrence = namesOf(project).occurrenceAt(file, offset);
  const meaning = occurrence?.meaning;
  if (meaning?.kind === "place" && meaning.path[0] === "input") return findInputKeys(project, meaning.path.slice(1));
  return definitionsAt(project, file, offset);
}

export function referencesIn(project: Project, file: SourceFile, offset: number, withDeclarations: boolean): readonly Found[] {
  const decision = decisionTarget(project, file, offset);
  if (decision !== undefined) return referencesTo(project, decision, withDeclarations);
  if (file.kind === "hocon") return hoconReferences(project, file, offset, withDeclarations);
  return file.kind === "rego" ? referencesAt(project, file, offset, withDeclarations) : [];
}

export function highlightsIn(project: Project, file: SourceFile, offset: number): readonly Highlight[] {
  if (file.kind === "hocon") return hoconHighlights(project, file, offset);
  return file.kind === "rego" ? highlightsAt(project, file, offset) : [];
}

const notRenamable = { refusal: "only names in Rego and HOCON files can be renamed" } as const;

export function prepareRenameIn(project: Project, file: SourceFile, offset: number): Prepared {
  if (file.kind === "hocon") return prepareHoconRename(project, file, offset);
  return file.kind === "rego" ? prepareRename(project, file, offset) : notRenamable;
}

export function renameIn(project: Project, file: SourceFile, offset: number, newName: string): Renamed {
  if (file.kind === "hocon") return renameHocon(project, file, offset, newName);
  return file.kind === "rego" ? renameAt(project, file, offset, newName) : notRenamable;
}

/** Published decisions that a rename at an offset gives another name. */
export function entrypointsRenamedIn(project: Project, file: SourceFile, offset: number): readonly string[] {
  return file.kind === "rego" ? entrypointsRenamedAt(project, file, offset) : [];
}

/** True where a name stands for a part of `data` that packages all over the project may add to. */
export function namesPackages(project: Project, file: SourceFile, offset: number): boolean {
  if (file.kind !== "rego") return false;
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence?.meaning.kind !== "place" || occurrence.meaning.path[0] !== "data") return false;
  return names.targetOf(file, occurrence).kind !== "rule";
}
