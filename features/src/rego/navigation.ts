// Definition, references, highlights and rename over the policies of a project.
import type { Range } from "#grammars/rego/ast.ts";
import { keywordsOf } from "#grammars/rego/keywords.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { basename } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { findDataKey, findInputKeys } from "../data-keys.ts";
import { mentionsOf } from "../decision-mentions.ts";
import { declarationOf } from "../json-schema.ts";
import { isBuiltin } from "./builtin-docs.ts";
import { below, schemaFile, schemasAt } from "./declared-schemas.ts";
import { memberKeyAt, memberKeysOf } from "./member-keys.ts";
import type { Occurrence } from "./names.ts";
import { packageRefusal, renamePackage } from "./package-rename.ts";
import { type Found, namesOf, type ProjectNames, type Target } from "./project-names.ts";
import { recoveredModule } from "./recovered.ts";

/** Where the thing at an offset is declared: all clauses of a rule, a package's files, a key of a data file, a sample's key. */
export function definitionsAt(project: Project, file: SourceFile, offset: number): readonly Found[] {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence === undefined) {
    const key = memberKeyAt(project, names, file, offset);
    return key === undefined ? namedSchema(project, file, offset) : whereKept(project, names, file, offset, key.path);
  }
  const target = names.targetOf(file, occurrence);
  const declared = names.declarations(target);
  if (declared.length > 0) return declared;
  const kept = target.kind === "document" ? whereKept(project, names, file, offset, target.path) : [];
  return kept.length > 0 ? kept : importBehind(names, file, occurrence);
}

/** The import that gave a name to what has no place in the workspace: a document, a package that comes from elsewhere. */
function importBehind(names: ProjectNames, file: SourceFile, { range }: Occurrence): readonly Found[] {
  const [, first] = /(?<![\w.])(\w+)(?:\.\w+)*$/u.exec(file.text.slice(0, range.end)) ?? [];
  const found = names.names(file).imports.find((one) => one.alias === first && one.range.end < range.start);
  return found === undefined ? [] : [{ file: file.path, range: found.aliasRange }];
}

/** Where a path of the documents is kept: in a rule, a schema, the samples, data files, or packages below it. */
function whereKept(
  project: Project,
  names: ProjectNames,
  file: SourceFile,
  offset: number,
  path: readonly string[],
): readonly Found[] {
  const behind = names.ruleBehind(path);
  if (behind !== undefined) return names.declarations({ kind: "rule", path: behind });
  const front = names.rulesBelow(path);
  if (front.length > 0) return front.flatMap((rule) => names.declarations({ kind: "rule", path: rule }));
  const bySchema = schemaKeys(project, file, offset, path);
  if (bySchema.length > 0) return bySchema;
  if (path[0] === "input") return findInputKeys(project, path.slice(1));
  const keys = findDataKey(project, path.slice(1));
  return keys.length > 0 ? keys : packagesBelow(names, path);
}

/** Where the schemas that hold there declare a path. */
function schemaKeys(project: Project, file: SourceFile, offset: number, path: readonly string[]): readonly Found[] {
  for (const declared of schemasAt(project, recoveredModule(project.parsed(file)), file.text, offset)) {
    const rest = below(declared, path);
    if (declared.file === undefined || rest === undefined) continue;
    const range = declarationOf(declared.file, declared.schema, rest);
    if (range !== undefined) return [{ file: declared.file.path, range }];
  }
  return [];
}

/** The file of a schema that METADATA names at an offset. */
function namedSchema(project: Project, file: SourceFile, offset: number): readonly Found[] {
  const comment = project.parsed(file).module.comments.find(({ start, end }) => start <= offset && offset <= end);
  if (comment === undefined) return [];
  for (const match of file.text.slice(comment.start, comment.end).matchAll(/\bschema(?:\.\w+|\["[^"]+"\])+/gu)) {
    const start = comment.start + match.index;
    const found = start <= offset && offset <= start + match[0].length ? schemaFile(project, match[0]) : undefined;
    if (found !== undefined) return [{ file: found.path, range: { start: 0, end: 0 } }];
  }
  return [];
}

/** The package statements of the packages that lie below a path that is none itself. */
function packagesBelow(names: ProjectNames, path: readonly string[]): readonly Found[] {
  const prefix = `${path.join(".")}.`;
  const inside = [...names.packages].filter((one) => path.length > 1 && one.startsWith(prefix));
  return inside.flatMap((one) => names.declarations({ kind: "package", path: one }));
}

/** Every place that names the thing at an offset. */
export function referencesAt(project: Project, file: SourceFile, offset: number, withDeclarations: boolean): readonly Found[] {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence === undefined) {
    const key = memberKeyAt(project, names, file, offset);
    return key === undefined ? [] : usesOfPath(project, names, key.path, withDeclarations);
  }
  const target = names.targetOf(file, occurrence);
  if (target.kind === "document" && target.path.length > 1) return usesOfPath(project, names, target.path, withDeclarations);
  return referencesTo(project, target, withDeclarations);
}

/** Every place that names a rule, a package or a variable. */
export function referencesTo(project: Project, target: Target, withDeclarations: boolean): readonly Found[] {
  const found = namesOf(project).references(target, withDeclarations);
  return target.kind === "rule" ? [...found, ...mentionsOf(project, target.path)] : found;
}

/** Where policies read a path of the documents, also behind variables, and the keys that hold it. */
function usesOfPath(project: Project, names: ProjectNames, path: readonly string[], withDeclarations: boolean): readonly Found[] {
  const keys = path[0] === "input" ? findInputKeys(project, path.slice(1)) : findDataKey(project, path.slice(1));
  const read = names.references({ kind: "document", path }, withDeclarations);
  return [...read, ...memberKeysOf(project, names, path), ...keys];
}

export interface Highlight {
  readonly range: Range;
  readonly write: boolean;
}

/** The uses of the thing at an offset in the same file. */
export function highlightsAt(project: Project, file: SourceFile, offset: number): readonly Highlight[] {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence !== undefined) return names.references(names.targetOf(file, occurrence), true, file);
  const key = memberKeyAt(project, names, file, offset);
  const same = key === undefined ? [] : memberKeysOf(project, names, key.path).filter((found) => found.file === file.path);
  return same.map(({ range }) => ({ range, write: false }));
}

export type Prepared = { readonly range: Range; readonly name: string } | { readonly refusal: string };

/** Whether the thing at an offset can be renamed, and the text that would change. */
export function prepareRename(project: Project, file: SourceFile, offset: number): Prepared {
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset);
  if (occurrence === undefined) return { refusal: "there is no name here that can be renamed" };
  const { range } = occurrence;
  const target = names.targetOf(file, occurrence);
  const refusal = refusalOf(project, target, occurrence.alias === true);
  return refusal === undefined ? { range, name: file.text.slice(range.start, range.end) } : { refusal };
}

function refusalOf(project: Project, target: Target, alias: boolean): string | undefined {
  if (alias) return undefined;
  switch (target.kind) {
    case "local":
      return undefined;
    case "rule":
      return isOfLibrary(project, target) ? `\`${target.path}\` belongs to the library of RMS` : undefined;
    case "builtin":
      return `\`${target.name}\` is a built-in function`;
    case "package":
      return packageRefusal(project, target.path.split("."));
    case "document":
      if (namesOf(project).rulesBelow(target.path).length > 0) return undefined;
      if (target.path[0] === "data" && target.path.length > 1) return packageRefusal(project, target.path);
      return target.path.length === 1
        ? `\`${target.path[0]!}\` is the name of a document`
        : `\`${target.path.join(".")}\` comes from the input`;
  }
}

function isOfLibrary(project: Project, target: Target): boolean {
  const library = new Set(project.library.map((file) => file.path));
  return namesOf(project)
    .declarations(target)
    .some(({ file }) => library.has(file));
}

export type Renamed = { readonly edits: readonly (Found & { readonly newText: string })[] } | { readonly refusal: string };

/** The edits that rename the thing at an offset. */
export function renameAt(project: Project, file: SourceFile, offset: number, newName: string): Renamed {
  const prepared = prepareRename(project, file, offset);
  if ("refusal" in prepared) return prepared;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/u.test(newName))
    return { refusal: `\`${newName}\` is not a name: letters, digits and _, no digit first` };
  if (newName === prepared.name) return { edits: [] };
  if (keywordsOf.v1.has(newName) || newName === "_") return { refusal: `\`${newName}\` is a keyword` };
  if (isRootName(newName)) return { refusal: `\`${newName}\` is the name of a document` };
  const names = namesOf(project);
  const occurrence = names.occurrenceAt(file, offset)!;
  if (occurrence.alias === true) return renameAlias(project, file, occurrence.range, newName);
  const target = names.targetOf(file, occurrence);
  if (target.kind === "package") return renamePackage(project, target.path.split("."), newName);
  if (target.kind === "document" && names.rulesBelow(target.path).length === 0)
    return renamePackage(project, target.path, newName);
  const clash = clashOf(project, file, target, newName);
  if (clash !== undefined) return { refusal: clash };
  if (isBuiltin(newName)) return { refusal: `\`${newName}\` is a built-in function` };
  const edits = names
    .references(target, true)
    .filter((found) => !found.alias)
    .map(({ file: path, range }) => ({ file: path, range, newText: newName }));
  const mentions = target.kind === "rule" ? mentionsOf(project, target.path) : [];
  return { edits: [...edits, ...mentions.map((mention) => ({ ...mention, newText: newName }))] };
}

function renameAlias(project: Project, file: SourceFile, range: Range, newName: string): Renamed {
  const names = namesOf(project).names(file);
  const old = file.text.slice(range.start, range.end);
  if (names.imports.some((item) => item.alias === newName)) return { refusal: `\`${newName}\` is imported already` };
  if (names.ruleNames.has(newName)) return { refusal: `\`${newName}\` is a rule of this package` };
  const uses = names.occurrences.filter((found) => found.alias === true);
  const hidden = names.locals.some(
    (local) =>
      local.name === newName && uses.some(({ range: use }) => local.scope.start <= use.start && use.end <= local.scope.end),
  );
  if (hidden) return { refusal: `\`${newName}\` is a variable where the import is used` };
  const edits = names.occurrences
    .filter((found) => found.alias === true && file.text.slice(found.range.start, found.range.end) === old)
    .map((found) => ({ file: file.path, range: found.range, newText: newName }));
  return { edits };
}

const contains = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** True for a call of the built-in function of that name, or of one that begins with it. */
function isBuiltinOf({ meaning }: Occurrence, name: string): boolean {
  return meaning.kind === "builtin" && (meaning.name === name || meaning.name.startsWith(`${name}.`));
}

function clashOf(project: Project, file: SourceFile, target: Target, newName: string): string | undefined {
  const names = namesOf(project);
  if (target.kind === "local") {
    const { locals, rules, imports } = names.names(file);
    const { scope } = target.local;
    const other = locals.find(
      (local) =>
        local.name === newName && local.scope.start < scope.end && scope.start < local.scope.end && local !== target.local,
    );
    if (other !== undefined) return `\`${newName}\` is another variable in this scope`;
    const called = names.names(file).occurrences.some((one) => isBuiltinOf(one, newName) && contains(scope, one.range));
    if (called) return `\`${newName}\` is a built-in function that is called in this scope`;
    if (rules.some((rule) => rule.path.at(-1) === newName)) return `\`${newName}\` is a rule of this package`;
    if (imports.some((item) => item.alias === newName)) return `\`${newName}\` is an import of this file`;
    return undefined;
  }
  if (target.kind !== "rule" && target.kind !== "document") return undefined;
  const old = target.kind === "rule" ? target.path.split(".") : target.path;
  const path = [...old.slice(0, -1), newName].join(".");
  if (names.rule(path).length > 0 || names.rulesBelow(path.split(".")).length > 0) return `\`${path}\` is another rule`;
  for (const found of names.references(target, true)) {
    const at = project.files.get(found.file);
    const isBare =
      at?.kind === "rego" && at.text[found.range.start - 1] !== "." && !/["`]/u.test(at.text[found.range.start - 1] ?? "");
    if (isBare && names.names(at).imports.some((item) => item.alias === newName))
      return `\`${newName}\` is an import of ${at === file ? "this file" : basename(at.path)}`;
  }
  for (const declared of names.declarations(target)) {
    const holder = project.files.get(declared.file);
    if (holder?.kind === "rego" && names.names(holder).occurrences.some((one) => isBuiltinOf(one, newName)))
      return `\`${newName}\` is a built-in function that ${holder === file ? "this file" : "the rule's file"} calls`;
  }
  for (const found of names.references(target, true)) {
    const at = project.files.get(found.file);
    const local =
      at &&
      names
        .names(at)
        .locals.find(
          (item) => item.name === newName && item.scope.start <= found.range.start && found.range.end <= item.scope.end,
        );
    if (local !== undefined) return `\`${newName}\` is a variable where the rule is used`;
  }
  return undefined;
}
