// What can be done about a lint finding besides its fix: switch the rule off for a line or in the configuration.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { categories } from "#lint/rule.ts";
import { lintSetupOf } from "#workspace/lint-setup.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "./actions.ts";
import { ignoringEdit } from "./lint-config-edit.ts";

export function lintActions(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const category = /^(?:regal|rw)\/(.+)$/u.exec(diagnostic.source ?? "")?.[1];
  if (category === undefined || !categories.some((one) => one === category)) return [];
  const rule = diagnostic.code;
  const actions: Action[] = [];
  const add = (title: string, edits: Action["edits"]) =>
    actions.push({ title, kind: "quickfix", edits, preferred: false, diagnostic });
  add(`Ignore ${rule} on this line`, [directiveEdit(file.text, diagnostic.range.start, rule)]);
  const setup = lintSetupOf(project);
  const config = setup.file?.path ?? resolve(project.root, ".regal/config.yaml");
  const edit = ignoringEdit(setup.file?.text ?? "", category, rule);
  if (edit !== undefined) add("Ignore this rule in config", [{ file: config, ...edit }]);
  return actions;
}

/** A directive above the line of an offset, or the rule at the end of the one that is there. */
function directiveEdit(text: string, offset: number, rule: string): TextEdit {
  const lines = new LineIndex(text);
  const line = lines.lineOf(offset);
  const start = lines.lineStart(line);
  const above = line === 0 ? "" : lines.lineText(line - 1);
  if (/^\s*#.*regal ignore:\s*\S/u.test(above)) {
    const end = lines.lineStart(line - 1) + above.trimEnd().length;
    return { range: { start: end, end }, newText: `,${rule}` };
  }
  const indent = /^\s*/u.exec(lines.lineText(line))![0];
  return { range: { start, end: start }, newText: `${indent}# regal ignore:${rule}\n` };
}
