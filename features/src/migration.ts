// All policies of a project from Rego v0 to v1: what is written anew, and what is left for hands.
import { type Fmt, formatPolicy } from "#analysis/rego/fmt.ts";
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Module } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { withEdits } from "#grammars/text/edits.ts";
import { lineEdits } from "#grammars/text/line-edits.ts";
import { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { isBuiltin } from "./rego/builtin-docs.ts";
import { renewedCalls } from "./rego/deprecated-builtins.ts";

export interface Migration {
  readonly edits: readonly (TextEdit & { readonly file: string })[];
  /** Errors that keep a policy as it is. */
  readonly left: readonly Diagnostic[];
}

/** Texts that both dialects read, as `opa fmt --v0-v1` writes them, with the names of now of deprecated builtins: they hold before and after the project is read as v1. */
export function migrationOf(project: Project): Migration {
  const edits: Migration["edits"][number][] = [];
  const left: Diagnostic[] = [];
  const modules = project.policies.map((file) => project.parsed(file).module);
  for (const file of project.policies) {
    if (!project.files.has(file.path) || !isOld(project, file)) continue;
    const { path, text } = file;
    const written = writtenAnew(path, text, modules);
    if ("text" in written) edits.push(...lineEdits(text, written.text).map((edit) => ({ file: path, ...edit })));
    else left.push(...written.diagnostics.slice(0, 1));
  }
  return { edits, left };
}

/** A text as `opa fmt --v0-v1` writes it, once what only has another name in v1 has that one. */
function writtenAnew(path: string, text: string, modules: readonly Module[]): Fmt {
  const written = formatPolicy(text, { file: path, from: "v0", version: "v0", upTo: "v1" });
  if ("text" in written) return written;
  const edits = renewedCalls(written.refused, written.diagnostics, modules);
  return edits.length === 0 ? written : writtenAnew(path, withEdits(text, edits), modules);
}

/** The project as it decides before its migration: read as v0, and policies that are of v1 say so. */
export function beforeMigration(project: Project): Project {
  const { root, files, settings, now, elsewhere } = project;
  const old = new Project(root, files, { ...settings, regoVersion: "v0" }, now, elsewhere);
  const isBroken = (at: Project, file: SourceFile): boolean =>
    at.parsed(file).diagnostics.some(({ severity }) => severity === "error");
  const said = old.policies.flatMap((file) => {
    const end = project.parsed(file).module.package?.end;
    if (end === undefined || !isBroken(old, file) || isBroken(project, file)) return [];
    return [[file.path, `${file.text.slice(0, end)}\nimport rego.v1${file.text.slice(end)}`] as const];
  });
  return said.length === 0 ? old : old.withTexts(new Map(said));
}

/** True for a policy that v0 alone can read, or that is read as v0 and says nothing of v1. */
function isOld(project: Project, file: SourceFile): boolean {
  const { path, text } = file;
  if (project.parsed(file).module.version === "v0") return true;
  if (project.parsed(file).diagnostics.length === 0) return false;
  return parseModule(text, { file: path, version: "v0", isBuiltin }).diagnostics.length === 0;
}
