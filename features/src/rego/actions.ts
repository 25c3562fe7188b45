// Code actions: the fixes that findings carry, imports that are missing or unordered.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { namesOf } from "./project-names.ts";

export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "source.organizeImports" | "source.fixAll.rego";
  readonly edits: readonly TextEdit[];
  readonly preferred: boolean;
  /** The finding it mends. */
  readonly diagnostic?: Diagnostic;
}

/** What can be done about the findings that touch a range, and about the whole file. */
export function actionsAt(project: Project, file: SourceFile, range: Range, findings: readonly Diagnostic[]): readonly Action[] {
  const actions: Action[] = [];
  for (const diagnostic of findings) {
    if (diagnostic.range.start > range.end || diagnostic.range.end < range.start) continue;
    for (const fix of diagnostic.fixes ?? []) {
      actions.push({ title: fix.title, kind: "quickfix", edits: fix.edits, preferred: fix.preferred === true, diagnostic });
    }
    actions.push(...missingImport(project, file, diagnostic));
  }
  const organised = organiseImports(project, file);
  if (organised !== undefined) actions.push(organised);
  const all = fixAll(findings);
  if (all !== undefined) actions.push(all);
  return actions;
}

/** Every preferred fix of the file that does not meet another one. */
function fixAll(findings: readonly Diagnostic[]): Action | undefined {
  const edits: TextEdit[] = [];
  for (const { fixes } of findings) {
    const fix = fixes?.find((candidate) => candidate.preferred === true);
    if (fix === undefined) continue;
    const meets = fix.edits.some((edit) =>
      edits.some((other) => edit.range.start <= other.range.end && other.range.start <= edit.range.end),
    );
    if (!meets) edits.push(...fix.edits);
  }
  return edits.length === 0 ? undefined : { title: "Fix all", kind: "source.fixAll.rego", edits, preferred: false };
}

/** An unsafe variable that is the name of a package of the project. */
function missingImport(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const name =
    /var (\w+) is unsafe/u.exec(diagnostic.message)?.[1] ?? /undefined function (\w+)\./u.exec(diagnostic.message)?.[1];
  if (name === undefined) return [];
  const { module } = project.parsed(file);
  const after = module.imports.at(-1)?.end ?? module.package?.end;
  if (after === undefined) return [];
  const actions: Action[] = [];
  for (const path of namesOf(project).packages) {
    if (path.slice(path.lastIndexOf(".") + 1) !== name) continue;
    const newText = `${module.imports.length > 0 ? "\n" : "\n\n"}import ${path}`;
    actions.push({
      title: `Import ${path}`,
      kind: "quickfix",
      edits: [{ range: { start: after, end: after }, newText }],
      preferred: false,
      diagnostic,
    });
  }
  return actions;
}

/** Sorts the imports of each block and drops those written twice. */
function organiseImports(project: Project, file: SourceFile): Action | undefined {
  const { module } = project.parsed(file);
  const edits: TextEdit[] = [];
  const seen = new Set<string>();
  let block: Range[] = [];
  const flush = () => {
    if (block.length === 0) return;
    const written = block.map((range) => file.text.slice(range.start, range.end));
    const kept = written.filter((text) => !seen.has(text) && seen.add(text));
    const sorted = [...kept].sort();
    const range = { start: block[0]!.start, end: block.at(-1)!.end };
    const newText = sorted.join("\n");
    if (newText !== file.text.slice(range.start, range.end) && !file.text.slice(range.start, range.end).includes("#"))
      edits.push({ range, newText });
    block = [];
  };
  for (const item of module.imports) {
    const last = block.at(-1);
    if (last !== undefined && !/^[^\S\n]*\r?\n[^\S\n]*$/u.test(file.text.slice(last.end, item.start))) flush();
    block.push(item);
  }
  flush();
  return edits.length === 0 ? undefined : { title: "Organize imports", kind: "source.organizeImports", edits, preferred: false };
}
