// JSON and YAML files as exact JSON text, and the merging of data files into one base document.
import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { basename, dirname, relative } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";
import { yamlToJson } from "./yaml-json.ts";

export interface JsonDocument {
  /** Undefined when the file is not readable as its format. */
  readonly json: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const documents = new WeakMap<SourceFile, JsonDocument>();

/** The content of a `.json` or `.yaml` file as JSON text; numbers stay as written. */
export function readDocument(file: SourceFile): JsonDocument {
  let document = documents.get(file);
  if (document === undefined) {
    document = file.kind === "yaml" ? fromYaml(file) : fromJson(file);
    documents.set(file, document);
  }
  return document;
}

function fault(file: SourceFile, offset: number, code: string, message: string): JsonDocument {
  const start = Math.min(offset, file.text.length);
  const range = { start, end: Math.min(start + 1, file.text.length) };
  return { json: undefined, diagnostics: [{ file: file.path, range, severity: "error", code, message }] };
}

function fromYaml(file: SourceFile): JsonDocument {
  const outcome = yamlToJson(file.text);
  if ("fault" in outcome) return fault(file, outcome.fault.offset, "rw_yaml_error", `not YAML: ${outcome.fault.message}`);
  return { json: outcome.json, diagnostics: [] };
}

function fromJson(file: SourceFile): JsonDocument {
  try {
    JSON.parse(file.text);
    return { json: file.text, diagnostics: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/u.exec(message)?.[1];
    const offset = position === undefined ? file.text.trimEnd().length : Number(position);
    return fault(file, offset, "rw_json_error", `not JSON: ${message.replace(/ in JSON at position.*$/u, "")}`);
  }
}

export interface BaseData {
  /** The whole base document as JSON text. */
  readonly json: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Which file each top path came from: `storage` → data.json. */
  readonly files: readonly { readonly path: readonly string[]; readonly file: SourceFile }[];
}

/** True for the file names that hold data: what OPA loads from a bundle. */
export function isDataFile(path: string): boolean {
  return /^data\.(?:json|ya?ml)$/u.test(basename(path));
}

/** The data files below `root`, each at the path of its folder, in one document; `extra` is merged in last. */
export function mergeData(roots: readonly string[], files: readonly SourceFile[], extra: readonly Value[]): BaseData {
  const diagnostics: Diagnostic[] = [];
  const merged: Node = new Map();
  const found: { path: readonly string[]; file: SourceFile }[] = [];
  for (const file of files) {
    const { json, diagnostics: own } = readDocument(file);
    diagnostics.push(...own);
    if (json === undefined) continue;
    const root =
      roots.filter((folder) => file.path.startsWith(folder)).sort((a, b) => b.length - a.length)[0] ?? dirname(file.path);
    const folder = relative(root, dirname(file.path));
    const path = folder === "" ? [] : folder.split("/");
    let value: Value = readRegoText(json);
    if (path.length === 0 && !(value instanceof RegoObject)) {
      diagnostics.push(...fault(file, 0, "rw_data_error", "the data at the root must be an object").diagnostics);
      continue;
    }
    for (const part of [...path].reverse()) value = RegoObject.of([[part, value]]);
    const clash = insert(merged, value as RegoObject);
    if (clash !== undefined) {
      diagnostics.push(...fault(file, 0, "rw_data_error", `data.${clash} is given by another file too`).diagnostics);
      continue;
    }
    found.push({ path, file });
  }
  for (const value of extra) if (value instanceof RegoObject) insert(merged, value);
  return { json: writeJson(freeze(merged)), diagnostics, files: found };
}

type Node = Map<string, Node | Value>;

/** Merges objects key by key; gives the path of the first place where two values meet. */
function insert(target: Node, value: RegoObject, at = ""): string | undefined {
  for (const [key, child] of value.entries) {
    if (typeof key !== "string") continue;
    const path = at === "" ? key : `${at}.${key}`;
    const held = target.get(key);
    if (held === undefined) {
      if (child instanceof RegoObject) {
        const node: Node = new Map();
        target.set(key, node);
        insert(node, child, path);
      } else target.set(key, child);
    } else if (held instanceof Map && child instanceof RegoObject) {
      const clash = insert(held, child, path);
      if (clash !== undefined) return clash;
    } else return path;
  }
  return undefined;
}

function freeze(node: Node): RegoObject {
  return RegoObject.of([...node].map(([key, value]) => [key, value instanceof Map ? freeze(value) : value] as const));
}
