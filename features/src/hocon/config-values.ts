// Completion of what `rw.conf` names: decisions, folders and files of the project.
import type { ArrayNode, ObjectNode, PieceNode, ValueNode } from "#grammars/hocon/parse.ts";
import { configSchema } from "#workspace/config-schema.ts";
import { parsedHocon } from "#workspace/hocon.ts";
import { basename, dirname, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import type { Completion, CompletionItem } from "../completion-item.ts";
import { asSchema, type Schema, schemaAt } from "../json-schema.ts";
import { lineBefore } from "../line-before.ts";
import { namesOf } from "../rego/project-names.ts";

interface Place {
  /** The path of the value that stands here, or of the object whose key does. */
  readonly path: readonly string[];
  readonly isKey: boolean;
}

/** What may be named at an offset of `rw.conf`; undefined where nothing is, and in other files. */
export function configValues(project: Project, file: SourceFile, offset: number): Completion | undefined {
  if (basename(file.path) !== "rw.conf") return undefined;
  const place = placeAt(file, offset);
  const schema = schemaAt(configSchema as Schema, place.path);
  const format = (place.isKey ? asSchema(schema?.["propertyNames"]) : schema)?.["format"];
  if (typeof format !== "string") return undefined;
  const [, quote, typed] = /("?)([\w./*-]*)$/u.exec(lineBefore(file.text, offset))!;
  const rest = quote === "" ? "" : /^[\w./*-]*/u.exec(file.text.slice(offset))![0];
  const items = itemsOf(project, file, format, place.isKey).map((item) => quoted(item, quote !== ""));
  return { range: { start: offset - typed!.length, end: offset + rest.length }, items };
}

function itemsOf(project: Project, config: SourceFile, format: string, withPackages: boolean): readonly CompletionItem[] {
  if (format === "rule") return decisions(project, withPackages);
  const folder = dirname(config.path);
  const named = (names: readonly string[], detail: string): readonly CompletionItem[] =>
    names.map((label) => ({ label, kind: "module", detail, rank: label.split("/").length }));
  if (format === "sample")
    return named(
      project.inputs.samples.map(({ file }) => relative(folder, file.path)),
      "sample",
    );
  const names = [...project.files.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => relative(folder, path));
  if (format === "folder") return named([...new Set(names.flatMap(foldersAbove))], "folder");
  const endings = format.split(" ");
  const isOther = (name: string): boolean => /(?:^|\/)rw\.conf$|\.expected\.\w+$/u.test(name);
  return named(
    names.filter((name) => endings.some((ending) => name.endsWith(`.${ending}`)) && !isOther(name)),
    "file",
  );
}

/** `a/b/c.rego` → `a`, `a/b`. */
function foldersAbove(name: string): readonly string[] {
  const folders = name.split("/").slice(0, -1);
  return folders.map((_, at) => folders.slice(0, at + 1).join("/"));
}

/** The rules that can be asked, and packages where those may stand; what is a decision already comes last. */
function decisions(project: Project, withPackages: boolean): readonly CompletionItem[] {
  const names = namesOf(project);
  const isTest = (path: string): boolean => /(?:^|\.)(?:todo_)?test_\w*$/u.test(path);
  const own = new Set(project.policies);
  const rules = [...names.rules].filter(
    ([path, [first]]) => first !== undefined && own.has(first.file) && first.rule.head.args === undefined && !isTest(path),
  );
  const packages = new Set([...own].map((file) => names.packageOf(file).join(".")));
  const chosen = new Set(project.entrypoints);
  const item = (path: string, detail: string, rank: number): CompletionItem => ({
    label: path.split(".").slice(1).join("/"),
    kind: detail === "package" ? "module" : "variable",
    detail,
    rank,
    ...(detail === "rule" ? { rule: path } : {}),
  });
  return [
    ...rules.map(([path]) => item(path, "rule", chosen.has(path) && !withPackages ? 2 : 0)),
    ...(withPackages ? [...packages].map((path) => item(path, "package", 1)) : []),
  ];
}

/** A name in the quotes that HOCON wants around it. */
function quoted(item: CompletionItem, isQuoted: boolean): CompletionItem {
  const needsQuotes = /[^\w./-]|\/\//u.test(item.label);
  return needsQuotes && !isQuoted ? { ...item, insert: JSON.stringify(item.label) } : item;
}

function placeAt(file: SourceFile, offset: number): Place {
  let found: Place = { path: [], isKey: true };
  const isInside = (node: ObjectNode | ArrayNode): boolean =>
    offset > node.start && (offset < node.end || (offset === node.end && !node.closed));
  const value = (node: ValueNode, path: readonly string[]): void => {
    const pieces: readonly PieceNode[] = node.kind === "concatenation" ? node.pieces : [node];
    for (const piece of pieces) {
      if (piece.kind === "object" && isInside(piece)) object(piece, path);
      else if (piece.kind === "array" && isInside(piece)) {
        found = { path: [...path, "0"], isKey: false };
        for (const item of piece.items) value(item, [...path, "0"]);
      }
    }
  };
  const object = (node: ObjectNode, path: readonly string[]): void => {
    found = { path, isKey: true };
    for (const member of node.members) {
      if (member.kind !== "field" || offset <= member.key.end) continue;
      const own = [...path, ...member.key.path];
      const between = file.text.slice(member.key.end, offset);
      if (/^\s*[=:]\s*[^\s,}]*$/u.test(between)) found = { path: own, isKey: false };
      if (member.value !== undefined) value(member.value, own);
    }
  };
  const { body } = parsedHocon(file).tree;
  if (body.kind === "object") object(body, []);
  return found;
}
