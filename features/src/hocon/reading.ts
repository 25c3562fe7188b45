// Hover and completion in HOCON: resolved values, comments, substitution paths, include files, keys that other samples have.

import type { ConfigValue, ObjectValue } from "#analysis/hocon/resolve.ts";
import { toJsonText } from "#analysis/hocon/resolve.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { dirname, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { inputKeys } from "../input-shape.ts";
import type { Completion, CompletionItem } from "../rego/completion.ts";
import type { Hover } from "../rego/hover.ts";
import { pathOfUse, valueAt } from "./names.ts";
import { useAt } from "./tree.ts";

/** The resolved value of the key or substitution at an offset, where it was written, and the comment above. */
export function hoconHover(project: Project, file: SourceFile, offset: number, profile: string | undefined): Hover | undefined {
  const parsed = parsedHocon(file);
  const use = useAt(parsed, offset);
  if (use === undefined) return undefined;
  const { resolved } = project.resolveHocon(file, profile);
  if (use.kind === "include") {
    const record = resolved.includes.find(({ node }) => node.start === use.node.start && node.name === use.node.name);
    const found = (record?.found ?? []).map((source) => relative(project.root, source.file));
    return {
      range: use.range,
      markdown: found.length === 0 ? "no such file" : `includes ${found.map((name) => `\`${name}\``).join(", ")}`,
    };
  }
  const path = pathOfUse(use)!;
  const value = valueAt(resolved.value, path);
  const parts = [`\`\`\`hocon\n${path.join(".")}\n\`\`\``];
  if (value !== undefined) {
    parts.push(`\`\`\`json\n${shorten(toJsonText(value, { indent: 2 }))}\n\`\`\``);
    const from = origin(project, value);
    if (from !== undefined) parts.push(`${value.kind}, from ${from}`);
  } else parts.push("no value");
  if (use.kind === "key") {
    const comment = commentAbove(file.text, use.field.start);
    if (comment !== "") parts.push(comment);
  }
  return { range: use.range, markdown: parts.join("\n\n") };
}

function origin(project: Project, value: ConfigValue): string | undefined {
  const { file, parsed } = value.source;
  if (parsed === undefined) return "the environment";
  const line = parsed.text.slice(0, value.start).split("\n").length;
  return `\`${relative(project.root, file)}:${line}\``;
}

function shorten(json: string): string {
  const lines = json.split("\n");
  return lines.length > 20 ? `${lines.slice(0, 20).join("\n")}\n…` : json;
}

function commentAbove(text: string, offset: number): string {
  const lines = text
    .slice(0, text.lastIndexOf("\n", offset - 1) + 1)
    .split("\n")
    .slice(0, -1)
    .reverse();
  const found: string[] = [];
  for (const line of lines) {
    const match = /^\s*(?:#|\/\/)\s?(.*)$/u.exec(line);
    if (match === null) break;
    found.unshift(match[1]!);
  }
  return found.join("\n");
}

/** What may be typed at an offset. */
export function hoconCompletion(project: Project, file: SourceFile, offset: number, profile: string | undefined): Completion {
  const lineStart = file.text.lastIndexOf("\n", offset - 1) + 1;
  const line = file.text.slice(lineStart, offset);
  const substitution = /\$\{\??([\w.-]*)$/u.exec(line);
  if (substitution !== null) return substitutionItems(project, file, offset, substitution[1]!, profile);
  const include = /\binclude\s+(?:required\s*\(\s*)?(?:(?:file|classpath|url)\s*\(\s*)?"([^"]*)$/u.exec(line);
  if (include !== null) return includeItems(project, file, offset, include[1]!);
  if (/^\s*(?:#|\/\/)/u.test(line) || /[=:]\s*\S*$/u.test(line)) return { range: { start: offset, end: offset }, items: [] };
  const word = /[\w.-]*$/u.exec(line)![0];
  const path = [...enclosingPath(file, offset), ...word.split(".").slice(0, -1)];
  const last = word.slice(word.lastIndexOf(".") + 1);
  const items = inputKeys(project, path).map(
    (key): CompletionItem => ({
      label: key.name,
      kind: "property",
      detail: `${key.type}, in ${key.count} of ${project.samples.length} samples`,
      documentation: `Example: \`${key.example}\``,
      rank: 0,
    }),
  );
  return { range: { start: offset - last.length, end: offset }, items };
}

function substitutionItems(
  project: Project,
  file: SourceFile,
  offset: number,
  typed: string,
  profile: string | undefined,
): Completion {
  const { resolved } = project.resolveHocon(file, profile);
  const items: CompletionItem[] = [];
  const walk = (object: ObjectValue, prefix: string): void => {
    for (const [key, value] of object.fields) {
      const label = `${prefix}${/^[\w-]+$/u.test(key) ? key : JSON.stringify(key)}`;
      items.push({ label, kind: "property", detail: toJsonText(value).slice(0, 60), rank: 0 });
      if (value.kind === "object" && items.length < 500) walk(value, `${label}.`);
    }
  };
  walk(resolved.value, "");
  const environment = project.config.profiles.find((item) => item.name === profile)?.env ?? {};
  for (const [name, value] of Object.entries(environment))
    items.push({ label: name, kind: "variable", detail: `environment: ${value}`, rank: 1 });
  return { range: { start: offset - typed.length, end: offset }, items };
}

function includeItems(project: Project, file: SourceFile, offset: number, typed: string): Completion {
  const folder = dirname(file.path);
  const items: CompletionItem[] = [];
  for (const other of project.files.values()) {
    if (other.kind !== "hocon" || other === file) continue;
    items.push({ label: relativeTo(folder, other.path), kind: "module", detail: "file", rank: 0 });
  }
  return { range: { start: offset - typed.length, end: offset }, items };
}

function relativeTo(folder: string, path: string): string {
  const from = folder.split("/");
  const to = path.split("/");
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}

/** The path of the objects around an offset. */
function enclosingPath(file: SourceFile, offset: number): readonly string[] {
  let best: readonly string[] = [];
  let start = -1;
  const parsed = parsedHocon(file);
  const { body } = parsed.tree;
  const visit = (object: typeof body, path: readonly string[]): void => {
    if (object.kind !== "object") return;
    for (const member of object.members) {
      if (member.kind !== "field" || member.value === undefined) continue;
      const pieces = member.value.kind === "concatenation" ? member.value.pieces : [member.value];
      for (const piece of pieces) {
        if (piece.kind !== "object" || offset <= piece.start || offset > piece.end) continue;
        const own = [...path, ...member.key.path];
        if (piece.start > start) {
          start = piece.start;
          best = own;
        }
        visit(piece, own);
      }
    }
  };
  visit(body, []);
  return best;
}
