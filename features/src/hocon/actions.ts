// Code actions of HOCON: the fixes that findings carry, names that are nearly right, definitions that are missing.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { renderPath } from "#grammars/hocon/path.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Action } from "../action.ts";
import { editDistance } from "../edit-distance.ts";
import { documentOf } from "./document.ts";
import { usesOf } from "./tree.ts";

/** What can be done about the findings that touch a range. */
export function hoconActions(
  project: Project,
  file: SourceFile,
  range: Range,
  findings: readonly Diagnostic[],
): readonly Action[] {
  return findings
    .filter((found) => found.file === file.path && found.range.start <= range.end && range.start <= found.range.end)
    .flatMap((diagnostic) => [...ownFixes(diagnostic), ...fixesFor(project, file, diagnostic)]);
}

function ownFixes(diagnostic: Diagnostic): readonly Action[] {
  return (diagnostic.fixes ?? []).map(({ title, edits, preferred }) => ({
    title,
    kind: "quickfix",
    edits,
    preferred: preferred === true,
    diagnostic,
  }));
}

function fixesFor(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  switch (diagnostic.code) {
    case "hocon_unresolved":
      return [...nearbyPaths(project, file, diagnostic), ...definition(file, diagnostic)];
    case "hocon_overridden":
      return [fix("Remove the value without effect", diagnostic, wholeLines(file.text, diagnostic.range), "")];
    case "hocon_large_integer":
      return [quoted(file, diagnostic, "Quote the number: it is a string anyway")];
    case "hocon_dropped_text":
      return [fix("Remove the text without effect", diagnostic, diagnostic.range, "")];
    case "hocon_include_extension": {
      const name = file.text.slice(diagnostic.range.start, diagnostic.range.end);
      return [fix("Include without the extension", diagnostic, diagnostic.range, name.replace(/\.hocon(?="*$)/u, ""))];
    }
    default:
      return [];
  }
}

function fix(title: string, diagnostic: Diagnostic, range: Range, newText: string): Action {
  return { title, kind: "quickfix", edits: [{ range, newText }], preferred: false, diagnostic };
}

function quoted(file: SourceFile, diagnostic: Diagnostic, title: string): Action {
  const text = file.text.slice(diagnostic.range.start, diagnostic.range.end);
  return fix(title, diagnostic, diagnostic.range, JSON.stringify(text));
}

/** The range with its line end, where nothing else stands on its lines. */
function wholeLines(text: string, { start, end }: Range): Range {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const to = newline < 0 ? text.length : newline + 1;
  const alone = text.slice(from, start).trim() === "" && text.slice(end, to).trim() === "";
  return alone ? { start: from, end: to } : { start, end };
}

function unresolvedPath(
  file: SourceFile,
  { range }: Diagnostic,
): { readonly path: readonly string[]; readonly range: Range } | undefined {
  for (const use of usesOf(parsedHocon(file)))
    if (use.kind === "substitution" && use.range.start === range.start) return { path: use.node.path, range: use.range };
  return undefined;
}

const most = 3;

function nearbyPaths(project: Project, file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const missing = unresolvedPath(file, diagnostic);
  if (missing === undefined) return [];
  const wanted = renderPath(missing.path);
  const known = new Set(
    documentOf(project, file).occurrences.flatMap((item) => (item.kind === "key" && item.last ? [renderPath(item.path)] : [])),
  );
  const written = file.text.slice(missing.range.start, missing.range.end);
  return [...known]
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ name, distance }) => distance > 0 && distance <= Math.max(1, Math.min(3, Math.floor(name.length / 3))))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) =>
      fix(`Use \`${name}\``, diagnostic, missing.range, written.startsWith("${?") ? `\${?${name}}` : `\${${name}}`),
    );
}

/** Adds an assignment of the path at the end of the file. */
function definition(file: SourceFile, diagnostic: Diagnostic): readonly Action[] {
  const missing = unresolvedPath(file, diagnostic);
  const { tree } = parsedHocon(file);
  if (missing === undefined || tree.braced || tree.body.kind !== "object") return [];
  const end = file.text.length;
  const gap = file.text === "" || file.text.endsWith("\n") ? "" : "\n";
  const name = renderPath(missing.path);
  return [fix(`Define \`${name}\``, diagnostic, { start: end, end }, `${gap}${name} = ""\n`)];
}
