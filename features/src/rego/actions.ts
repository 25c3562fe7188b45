// Code actions: the fixes that findings carry, imports that are missing or unordered.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import { apart, withEdits } from "#grammars/text/edits.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "../action.ts";
import { createFunction } from "./create-function.ts";
import { lineEnd } from "./faults/fault.ts";
import { faultsOf } from "./faults/index.ts";
import { importEdit } from "./import-edit.ts";
import { lintActions } from "./lint-actions.ts";
import { namesOf } from "./project-names.ts";

/** What can be done about the findings that touch a range, and about the whole file. */
export function actionsAt(project: Project, file: SourceFile, range: Range, findings: readonly Diagnostic[]): readonly Action[] {
  const actions: Action[] = [];
  for (const diagnostic of findings) {
    if (diagnostic.range.start > range.end || diagnostic.range.end < range.start) continue;
    for (const fix of diagnostic.fixes ?? []) {
      const { title, edits, moveTo, preferred = false } = fix;
      if (moveTo === undefined && !helps(project, file, edits)) continue;
      actions.push({ title, kind: "quickfix", edits, preferred, diagnostic, ...(moveTo === undefined ? {} : { moveTo }) });
    }
    actions.push(...lintActions(project, file, diagnostic));
    actions.push(...missingImport(project, file, diagnostic));
    const creation = createFunction(project, file, diagnostic);
    if (creation !== undefined) actions.push({ ...creation, kind: "quickfix", preferred: false, diagnostic });
  }
  const organised = organiseImports(project, file, findings);
  if (organised !== undefined) actions.push(organised);
  const all = fixAll(findings);
  if (all !== undefined && helps(project, file, all.edits)) actions.push(all);
  return actions;
}

/** Longer texts are not read again to prove a fix. */
const longestProof = 500_000;

/** True when edits change the text, and it reads no worse with them: a fix is proved on its statement, but may end that elsewhere. */
function helps(project: Project, file: SourceFile, edits: readonly TextEdit[]): boolean {
  const before = project.parsed(file);
  const { text } = before;
  if (edits.every(({ range, newText }) => text.slice(range.start, range.end) === newText)) return false;
  if (before.diagnostics.length === 0 || text.length > longestProof) return true;
  const read = parseModule(withEdits(text, edits), { file: before.file, version: before.version, allStatements: true });
  return faultsOf(read).length <= faultsOf(before).length;
}

/** Every preferred fix of the file that does not meet another one. */
function fixAll(findings: readonly Diagnostic[]): Action | undefined {
  // What may be half written, such as an import before its first use, is not touched on saving.
  const preferred = findings
    .filter(({ severity }) => severity !== "hint")
    .flatMap(({ fixes }) => fixes?.find((candidate) => candidate.preferred === true) ?? []);
  const edits = apart(preferred, (fix) => fix.edits).flatMap((fix) => fix.edits);
  return edits.length === 0 ? undefined : { title: "Fix all", kind: "source.fixAll.rego", edits, preferred: false };
}

/** Imports of that many rules are offered for one name. */
const mostRules = 3;

/** An unsafe variable or unknown function that other packages have: as a part of their path, or among their rules. */
function missingImport(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const name =
    /^var (\w+) is unsafe/u.exec(diagnostic.message)?.[1] ?? /^undefined function (\w+)(?![\w])/u.exec(diagnostic.message)?.[1];
  if (name === undefined) return [];
  const { module } = project.parsed(file);
  const names = namesOf(project);
  const own = names.packageOf(file).join(".");
  const paths = new Set<string>();
  for (const path of names.packages) {
    const parts = path.split(".");
    const at = parts.lastIndexOf(name);
    if (at > 0 && path !== own) paths.add(parts.slice(0, at + 1).join("."));
  }
  const isCall = diagnostic.message.startsWith("undefined function");
  const rules = [...names.rules].flatMap(([path, clauses]) => {
    const holder = path.slice(0, path.length - name.length - 1);
    const fits = path.endsWith(`.${name}`) && (clauses[0]!.rule.head.args !== undefined) === isCall;
    return fits && holder !== own && names.filesOfPackage(holder).length > 0 && !holder.endsWith("_test") ? [path] : [];
  });
  for (const path of rules.slice(0, mostRules)) paths.add(path);
  return [...paths].flatMap((path): Action[] => {
    const edit = importEdit(module, file.text, path);
    return edit === undefined ? [] : [{ title: `Import ${path}`, kind: "quickfix", edits: [edit], preferred: false, diagnostic }];
  });
}

/** Sorts the imports of each block, and drops those that are written twice or not used. Comments stay with their imports. */
function organiseImports(project: Project, file: SourceFile, findings: readonly Diagnostic[]): Action | undefined {
  const { module } = project.parsed(file);
  const { text } = file;
  const unused = new Set(findings.filter(({ message }) => /^import .* unused$/u.test(message)).map(({ range }) => range.start));
  const edits: TextEdit[] = [];
  const seen = new Set<string>();
  let block: Range[] = [];
  const flush = () => {
    if (block.length === 0) return;
    const start = block[0]!.start;
    const end = lineEnd(text, block.at(-1)!.end);
    const kept = block.flatMap((item) => {
      const written = text.slice(item.start, item.end);
      if (unused.has(item.start) || seen.has(written)) return [];
      seen.add(written);
      return [text.slice(item.start, lineEnd(text, item.end))];
    });
    const newText = [...kept].sort().join("\n");
    if (kept.length === 0) {
      const blanks = /^(?:[ \t]*\r?\n){0,2}/u.exec(text.slice(end))![0].length;
      edits.push({ range: { start, end: end + blanks }, newText: "" });
    } else if (newText !== text.slice(start, end).replaceAll("\r\n", "\n")) edits.push({ range: { start, end }, newText });
    block = [];
  };
  for (const item of module.imports) {
    const last = block.at(-1);
    if (last !== undefined && !/^[^\S\n]*(?:#[^\n]*)?\r?\n[^\S\n]*$/u.test(text.slice(last.end, item.start))) flush();
    block.push(item);
  }
  flush();
  return edits.length === 0 ? undefined : { title: "Organize imports", kind: "source.organizeImports", edits, preferred: false };
}
