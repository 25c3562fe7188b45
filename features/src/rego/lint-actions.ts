// What can be done about a lint finding besides its fix: switch the rule off for a line or in the configuration.
import type { Diagnostic, TextEdit } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { namesInDirective } from "#lint/directives.ts";
import { lintSetupOf } from "#workspace/lint-setup.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "../action.ts";
import { ignoringEdit, ignoringLine } from "./lint-config-edit.ts";

export function lintActions(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const category = /^(?:regal\/|rw\/(?=decision$))(.+)$/u.exec(diagnostic.source ?? "")?.[1];
  if (category === undefined) return [];
  const rule = diagnostic.code;
  const actions: Action[] = [];
  const add = (title: string, edits: Action["edits"]) =>
    actions.push({ title, kind: "quickfix", edits, preferred: false, diagnostic });
  add(`Ignore ${rule} on this line`, [directiveEdit(file.text, diagnostic.range.start, rule)]);
  const setup = lintSetupOf(project);
  const conf = project.find(resolve(project.configFolder, "rw.conf"));
  // What is said there wins; our own rules are nothing that another linter's file should name.
  if (setup.projectFile !== undefined || (conf !== undefined && category === "decision")) {
    const edit = conf && ignoringLine(conf.text, category, rule);
    if (edit !== undefined) add("Ignore this rule in rw.conf", [{ file: conf!.path, ...edit }]);
    return actions;
  }
  const config = setup.file?.path ?? resolve(project.root, ".regal/config.yaml");
  const edit = ignoringEdit(setup.file?.text ?? "", category, rule);
  if (edit !== undefined) add("Ignore this rule in config", [{ file: config, ...edit }]);
  return actions;
}

/** A directive above the line of an offset, or at its end where the line above is METADATA, or the rule beside those of a directive there. */
function directiveEdit(text: string, offset: number, rule: string): TextEdit {
  const lines = new LineIndex(text);
  const line = lines.lineOf(offset);
  const atEndOf = (of: number, newText: string): TextEdit => {
    const end = lines.lineStart(of) + lines.lineText(of).trimEnd().length;
    return { range: { start: end, end }, newText };
  };
  const textOf = (of: number): string => (of < 0 ? "" : lines.lineText(of));
  for (const of of [line, line - 1]) if (namesInDirective(commentIn(textOf(of)))?.length) return atEndOf(of, `,${rule}`);
  if (isMetadata(textOf, line - 1)) return atEndOf(line, ` # regal ignore:${rule}`);
  const start = lines.lineStart(line);
  const indent = /^\s*/u.exec(textOf(line))![0];
  return { range: { start, end: start }, newText: `${indent}# regal ignore:${rule}\n` };
}

function commentIn(line: string): string {
  const at = line.indexOf("#");
  return at < 0 ? "" : line.slice(at);
}

/** True for a line of a METADATA block: what is written behind it would be read as its YAML. */
function isMetadata(textOf: (line: number) => string, line: number): boolean {
  let at = line;
  while (/^\s*#/u.test(textOf(at))) {
    if (/^\s*#\s*METADATA\s*$/u.test(textOf(at))) return true;
    at--;
  }
  return false;
}
