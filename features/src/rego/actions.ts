// Code actions: the fixes that findings carry, names that are nearly right, imports that are missing or unordered.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { callableBuiltins } from "./builtin-docs.ts";
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
    actions.push(...nearbyNames(project, file, diagnostic));
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

/** `undefined function cuont`, `var cuont is unsafe`: names that differ by a letter or two. */
function nearbyNames(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const wanted =
    /undefined function (?:data\.)?([\w.]+)/u.exec(diagnostic.message)?.[1] ??
    /var (\w+) is unsafe/u.exec(diagnostic.message)?.[1];
  if (wanted === undefined) return [];
  const written = file.text.slice(diagnostic.range.start, diagnostic.range.end);
  const at = written.indexOf(wanted);
  const range =
    at >= 0 ? { start: diagnostic.range.start + at, end: diagnostic.range.start + at + wanted.length } : diagnostic.range;
  const isCall = diagnostic.message.includes("function");
  const own = namesOf(project).names(file);
  const candidates = new Set<string>();
  if (isCall) for (const row of callableBuiltins()) candidates.add(row.name);
  for (const rule of own.rules) candidates.add(rule.path.at(-1)!);
  for (const item of own.imports) candidates.add(item.alias);
  for (const local of own.locals) {
    if (local.scope.start <= range.start && range.end <= local.scope.end && local.name !== wanted) candidates.add(local.name);
  }
  candidates.add("input").add("data");
  return [...candidates]
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ distance, name }) => distance > 0 && distance <= Math.min(2, Math.max(1, Math.floor(name.length / 3))))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }, index) => ({
      title: `Use \`${name}\``,
      kind: "quickfix" as const,
      edits: [{ range, newText: name }],
      preferred: index === 0 && (diagnostic.fixes ?? []).length === 0,
      diagnostic,
    }));
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

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const change =
        i === 0 ? j : Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : change;
      rows[i]!.push(Math.min(change, swapped));
    }
  }
  return rows[a.length]![b.length]!;
}
