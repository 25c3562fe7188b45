// Completion of HOCON: paths and variables in substitutions, files in includes, keys that other samples have or policies read, known values.
import { type ObjectValue, toJsonText } from "#analysis/hocon/resolve.ts";
import { quoteString, renderElement } from "#grammars/hocon/path.ts";
import { TokenKind, tokenEnd } from "#grammars/hocon/tokens.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { dirname } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Completion, CompletionItem } from "../completion-item.ts";
import { schemaProperties, schemaValues } from "../input-schema.ts";
import { inputKeys, inputValues } from "../input-shape.ts";
import { keysReadBelow } from "../input-uses.ts";
import { lineBefore } from "../line-before.ts";
import { inputKind } from "../roles/role-uses.ts";
import { namesOfKind } from "../roles/role-words.ts";
import { configValues } from "./config-values.ts";
import { documentOf } from "./document.ts";

/** What may be typed at an offset. */
export function hoconCompletion(project: Project, file: SourceFile, offset: number): Completion {
  const line = lineBefore(file.text, offset);
  const nothing = { range: { start: offset, end: offset }, items: [] };
  const around = kindAround(file, offset);
  if (around === TokenKind.comment) return nothing;
  const named = configValues(project, file, offset);
  if (named !== undefined) return named;
  const isQuoted = around === TokenKind.string || around === TokenKind.tripleString;
  const substitution = isQuoted ? null : /\$\{\??([\w.-]*)$/u.exec(line);
  if (substitution !== null) return substitutionItems(project, file, offset, substitution[1]!);
  const include = /\binclude\s+(?:required\s*\(\s*)?(?:(?:file|classpath|url)\s*\(\s*)?"([^"]*)$/u.exec(line);
  if (include !== null) return includeItems(project, file, offset, include[1]!);
  const value = /(?:^|[{,\s])([\w.-]+|"[^"]*")\s*[=:]\s*("?[\w.-]*)$/u.exec(line);
  if (value !== null) return valueItems(project, file, offset, value[1]!, value[2]!);
  if (isQuoted || isInValue(line) || isInArray(file, offset)) return nothing;
  return keyItems(project, file, offset, /[\w.-]*$/u.exec(line)![0]);
}

/** The kind of the token that an offset lies in, or at the end of a comment. */
function kindAround(file: SourceFile, offset: number): number | undefined {
  const { tokens } = parsedHocon(file);
  for (let at = 0; at < tokens.count && tokens.starts[at]! < offset; at++) {
    const kind = tokens.kinds[at];
    if (offset < tokenEnd(tokens, at) || (kind === TokenKind.comment && offset === tokenEnd(tokens, at))) return kind;
  }
  return undefined;
}

/** True behind a separator whose entry goes on up to the end of a line. */
function isInValue(line: string): boolean {
  return /[=:][^{},[\]]*$/u.test(line.replaceAll(/\$\{[^}]*\}/gu, ""));
}

/** True inside of an array, whose items have no keys of their own, and those in them none that are known. */
function isInArray(file: SourceFile, offset: number): boolean {
  const { tokens } = parsedHocon(file);
  let open = 0;
  for (let at = 0; at < tokens.count && tokens.starts[at]! < offset; at++) {
    if (tokens.kinds[at] === TokenKind.openBracket) open += 1;
    else if (tokens.kinds[at] === TokenKind.closeBracket && open > 0) open -= 1;
  }
  return open > 0;
}

/** Keys by the schema, by what policies read, by what other samples have. */
function keyItems(project: Project, file: SourceFile, offset: number, word: string): Completion {
  const path = [...enclosingPath(file, offset), ...word.split(".").slice(0, -1)];
  const items = new Map<string, CompletionItem>();
  const offer = (name: string, detail: string, rank: number, documentation?: string): void => {
    if (items.has(name)) return;
    const insert = renderElement(name);
    items.set(name, {
      label: name,
      kind: "property",
      detail,
      rank,
      ...(insert === name ? {} : { insert }),
      ...(documentation === undefined || documentation === "" ? {} : { documentation }),
    });
  };
  for (const { name, type, description, required } of schemaProperties(project, file, path))
    offer(name, `${type}${required ? ", required" : ""} by the schema`, 0, description);
  const read = keysReadBelow(project, path);
  for (const { name, type, count, example } of inputKeys(project, path)) {
    const detail = `${type}, in ${count} of ${project.inputs.samples.length} samples`;
    offer(name, detail, read.has(name) ? 1 : 2, `Example: \`${example}\``);
  }
  for (const name of read) offer(name, "read by policies", 1);
  const insert = `include "${"$"}{1:file}"`;
  if ("include".startsWith(word))
    items.set("include", { label: "include", kind: "keyword", detail: "keyword", insert, snippet: true, rank: 3 });
  const last = word.slice(word.lastIndexOf(".") + 1);
  return { range: { start: offset - last.length, end: offset }, items: [...items.values()] };
}

/** Values that the schema enumerates and those that other samples have at the path. */
function valueItems(project: Project, file: SourceFile, offset: number, key: string, typed: string): Completion {
  const elements = key.startsWith('"') ? [key.slice(1, -1)] : key.split(".");
  const path = [...enclosingPath(file, offset), ...elements];
  const items = new Map<string, CompletionItem>();
  for (const value of schemaValues(project, file, path)) {
    const label = scalarText(value);
    if (label !== undefined) items.set(label, { label, kind: "constant", detail: "by the schema", rank: 0 });
  }
  const own = project.inputs.samples.find((sample) => sample.file === file)?.name;
  for (const { sample, text } of inputValues(project, path).filter((one) => one.sample !== own)) {
    const label = scalarText(parsedScalar(text));
    if (label !== undefined && !items.has(label)) items.set(label, { label, kind: "constant", detail: `in ${sample}`, rank: 1 });
  }
  const kind = inputKind(project, path);
  for (const { name, detail } of kind === undefined ? [] : namesOfKind(project, kind)) {
    const label = scalarText(name)!;
    const known = items.get(label);
    items.set(label, known === undefined ? { label, kind: "constant", detail, rank: 1 } : { ...known, detail });
  }
  return { range: { start: offset - typed.length, end: offset }, items: [...items.values()] };
}

function parsedScalar(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return /^[A-Za-z_][\w-]*$/u.test(value) ? value : quoteString(value);
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : undefined;
}

function substitutionItems(project: Project, file: SourceFile, offset: number, typed: string): Completion {
  const { resolved } = documentOf(project, file);
  const items: CompletionItem[] = [];
  const within = typed.slice(0, typed.lastIndexOf(".") + 1);
  const walk = (object: ObjectValue, prefix: string): void => {
    for (const [key, value] of object.fields) {
      const label = `${prefix}${renderElement(key)}`;
      items.push({ label, kind: "property", detail: toJsonText(value).slice(0, 60), rank: 0 });
      if (value.kind === "object" && items.length < 500) walk(value, `${label}.`);
    }
  };
  walk(resolved.value, "");
  const variables = new Map(project.config.profiles.flatMap(({ name, env }) => Object.keys(env).map((key) => [key, name])));
  for (const [name, profile] of variables)
    items.push({ label: name, kind: "variable", detail: `variable of the profile ${profile}`, rank: 1 });
  return { range: { start: offset - typed.length, end: offset }, items: items.filter(({ label }) => label.startsWith(within)) };
}

function includeItems(project: Project, file: SourceFile, offset: number, typed: string): Completion {
  const folder = dirname(file.path);
  const items: CompletionItem[] = [];
  for (const other of project.files.values()) {
    // The project's own file and expected decisions are no parts of samples.
    if (other.kind !== "hocon" || other === file || /(?:^|\/)rw\.conf$|\.expected\.\w+$/u.test(other.path)) continue;
    const label = relativeTo(folder, other.path);
    items.push({ label, kind: "module", detail: "file", rank: label.startsWith("../") ? 1 : 0 });
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
