// What `rw inspect` shows of a bundle or a policy as tables and lists.
import { toJson } from "#bundles/canonical-json.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { trim } from "#grammars/text/white-space.ts";
import { boxTable } from "./box-table.ts";
import { goJson, unwritableNumber } from "./errors.ts";
import { compactJson } from "./json-text.ts";

/** A METADATA block and what it stands above. */
export interface InspectedNote {
  /** In OPA's JSON form. */
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly path: readonly Term[];
  /** With `data`; undefined in a Wasm module. */
  readonly package: readonly Term[] | undefined;
  /** The part of the path behind the package; empty where it stands above no rule. */
  readonly rule: readonly Term[];
  readonly location: { readonly file: string; readonly row: number; readonly col: number };
}

interface Inspected {
  readonly manifest: Readonly<Record<string, unknown>> | undefined;
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
  readonly notes: readonly InspectedNote[];
}

/** Bytes that a cell of a table, and a line of a list, are shorter than. */
const cellLength = 50;
const lineLength = 80;

export function inspectText({ manifest, namespaces, notes }: Inspected): string {
  const rows = manifest === undefined ? [] : manifestRows(manifest);
  return [
    ...(rows.length === 0 ? [] : [`MANIFEST:\n${boxTable(["FIELD", "VALUE"], rows)}`]),
    ...(namespaces.size === 0 ? [] : [namespaceTable(namespaces)]),
    ...(notes.length === 0 ? [] : [`ANNOTATIONS:\n${notes.map(noteText).join("")}`]),
  ].join("");
}

function namespaceTable(namespaces: ReadonlyMap<string, readonly string[]>): string {
  const rows = [...namespaces].flatMap(([name, files]) => files.map((file, at) => [at === 0 ? name : "", shortened(file)]));
  return `NAMESPACES:\n${boxTable(["NAMESPACE", "FILE"], rows)}`;
}

/** Of a long path OPA leaves out folders in the middle, as many letters of them as make it 50 long. */
function shortened(file: string): string {
  if (file.length < cellLength) return file;
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0)).replace(/^\//u, "");
  const first = folder.indexOf("/");
  const middle = first > 0 ? folder.slice(first + 1) : folder;
  const spare = cellLength - (file.length - middle.length + 3);
  const cut = spare <= 0 ? middle : middle.slice(0, Math.max(middle.length - spare, 0));
  return cut.length > 3 ? file.replace(cut, () => "...") : file;
}

function manifestRows(manifest: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  const { rego_version: version, revision, roots, metadata } = manifest;
  const paths = Array.isArray(roots) ? [...roots].map(String).sort() : [];
  return [
    ...(version === undefined ? [] : [["Rego Version", String(version)]]),
    ...(typeof revision === "string" && revision !== "" ? [["Revision", cut(revision, cellLength)]] : []),
    ...(paths.length === 0 || (paths.length === 1 && paths[0] === "")
      ? []
      : paths.map((root, at) => [at === 0 ? "Roots" : "", shortened(root)])),
    ...(metadata === undefined ? [] : [["Metadata", cut(compactJson(toJson(metadata)), cellLength)]]),
  ];
}

function noteText({ annotations, path, package: owner, rule, location }: InspectedNote): string {
  const { title, description, scope, entrypoint, custom } = annotations;
  const named = typeof title === "string" && trim(title) !== "" ? trim(title) : dotted(path.slice(1));
  const lines = [
    named,
    "=".repeat(Math.min(byteLength(named), lineLength)),
    "",
    ...(typeof description === "string" ? [description, ""] : []),
    ...(owner === undefined ? [] : [`Package:  ${dotted(owner.slice(1))}`]),
    ...(rule.length === 0 ? [] : [`Rule:     ${dotted(rule)}`]),
    `Location: ${location.file}:${location.row}`,
    ...(typeof scope === "string" ? [`Scope: ${scope}`] : []),
    ...(entrypoint === true ? ["Entrypoint: true"] : []),
    "",
    ...list(
      "Organizations",
      "",
      items<string>(annotations["organizations"]).map((name) => [oneLine(name), ""]),
    ),
    ...list(
      "Authors",
      "",
      items<{ readonly name?: string; readonly email?: string }>(annotations["authors"]).map(({ name, email }) => [
        oneLine([name, email && `<${email}>`].filter((part) => part !== undefined && part !== "").join(" ")),
        "",
      ]),
    ),
    ...list(
      "Schemas",
      ": ",
      items<{ readonly path: readonly JsonTerm[]; readonly schema?: readonly JsonTerm[]; readonly definition?: unknown }>(
        annotations["schemas"],
      ).map(({ path: at, schema, definition }) => [
        printRef(at.map(termOf)),
        schema === undefined ? compactJson(toJson(definition)) : printRef(schema.map(termOf)),
      ]),
    ),
    ...list(
      "Related Resources",
      " ",
      items<{ readonly ref: string; readonly description?: string }>(annotations["related_resources"]).map(
        ({ ref, description: about = "" }) => [oneLine(ref), about],
      ),
    ),
    ...list(
      "Custom",
      ": ",
      Object.entries(custom ?? {}).map(([name, value]) => [name, unwritableNumber(value) === undefined ? goJson(value, 0) : ""]),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

interface JsonTerm {
  readonly type: string;
  readonly value: unknown;
}

function termOf({ type, value }: JsonTerm): Term {
  const place = { start: 0, end: 0 };
  return type === "var" ? { kind: "var", name: String(value), ...place } : { kind: "string", value: String(value), ...place };
}

function items<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}

/** A path whose first part is bare. */
function dotted(path: readonly Term[]): string {
  return printRef(
    path.map((part, at) =>
      at === 0 && part.kind === "string" ? { kind: "var", name: part.value, start: part.start, end: part.end } : part,
    ),
  );
}

/** Keys, padded to the longest, and values; a key without a value stands alone. */
function list(title: string, separator: string, entries: readonly (readonly [string, string])[]): readonly string[] {
  if (entries.length === 0) return [];
  const longest = Math.max(...entries.map(([key]) => byteLength(key)));
  const lines = entries.map(([key, value]) =>
    value === "" ? ` ${key}` : ` ${key}${separator}${" ".repeat(longest - byteLength(key))}${value}`,
  );
  return [`${title}:`, ...lines.map((line) => cut(line, lineLength)), ""];
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** A text that is too long, with `...` at its end. */
function cut(text: string, length: number): string {
  const bytes = Buffer.from(text);
  return bytes.length < length ? text : `${bytes.subarray(0, length - 3).toString()}...`;
}
