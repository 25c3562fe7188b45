// The base document of a project: its data files merged into one, kept while none of them changes.
import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { documentFault, readDocument } from "./documents.ts";
import { basename, dirname, relative } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

/** Which file a top path came from: `storage` → data.json. */
export interface DataPlace {
  readonly path: readonly string[];
  readonly file: SourceFile;
}

let made = 0;

export class BaseData {
  /** Names this document among all that were made: equal keys, equal documents. */
  readonly key = `data:${++made}`;
  /** The whole base document as JSON text. */
  readonly json: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly DataPlace[];
  #tree: { readonly value: unknown } | undefined;

  constructor(json: string, diagnostics: readonly Diagnostic[], files: readonly DataPlace[]) {
    this.json = json;
    this.diagnostics = diagnostics;
    this.files = files;
  }

  /** The document as JavaScript has it: numbers may lose digits. */
  get tree(): unknown {
    this.#tree ??= { value: JSON.parse(this.json) };
    return this.#tree.value;
  }
}

/** True for the file names that hold data: what OPA loads from a bundle. */
export function isDataFile(path: string): boolean {
  return /^data\.(?:json|ya?ml)$/u.test(basename(path));
}

/** What a base document is made of. */
export interface DataSources {
  /** The folders that paths are counted from. */
  readonly roots: readonly string[];
  readonly files: readonly SourceFile[];
  /** A document that is merged in last, as JSON text, and what is wrong with it. */
  readonly extra: { readonly json: string | undefined; readonly diagnostics: readonly Diagnostic[] };
}

/** The last base document of each root: a policy is edited much more often than its data. */
export class KeptData {
  readonly #last = new Map<string, { readonly sources: DataSources; readonly data: BaseData }>();

  read(root: string, sources: DataSources): BaseData {
    const last = this.#last.get(root);
    if (last !== undefined && sameSources(last.sources, sources)) return last.data;
    const data = mergeData(sources);
    this.#last.set(root, { sources, data });
    return data;
  }
}

function sameSources(a: DataSources, b: DataSources): boolean {
  const same = (left: readonly unknown[], right: readonly unknown[]) =>
    left.length === right.length && left.every((one, at) => one === right[at]);
  return (
    same(a.files, b.files) &&
    same(a.roots, b.roots) &&
    a.extra.json === b.extra.json &&
    JSON.stringify(a.extra.diagnostics) === JSON.stringify(b.extra.diagnostics)
  );
}

/** The files, each at the path of its folder below its root; one that clashes with those before it is left out and told. */
function mergeData({ roots, files, extra }: DataSources): BaseData {
  const diagnostics: Diagnostic[] = [];
  const found: DataPlace[] = [];
  let merged = RegoObject.of([]);
  for (const file of files) {
    const { json, diagnostics: own } = readDocument(file);
    diagnostics.push(...own);
    if (json === undefined) continue;
    const root =
      roots.filter((folder) => file.path.startsWith(folder)).sort((a, b) => b.length - a.length)[0] ?? dirname(file.path);
    const folder = relative(root, dirname(file.path));
    const path = folder === "" ? [] : folder.split("/");
    const value = placed(path, readRegoText(json));
    if (!(value instanceof RegoObject)) {
      diagnostics.push(...documentFault(file, 0, "rw_data_error", "the data at the root must be an object").diagnostics);
      continue;
    }
    const both = merge(merged, value, []);
    if (both instanceof RegoObject) {
      merged = both;
      found.push({ path, file });
    } else {
      const message = `data.${both.clash.join(".")} is given by another file too`;
      diagnostics.push(...documentFault(file, 0, "rw_data_error", message).diagnostics);
    }
  }
  const added = extra.json === undefined ? undefined : readRegoText(extra.json);
  const whole = added instanceof RegoObject ? merge(merged, added, []) : merged;
  const json = writeJson(whole instanceof RegoObject ? whole : merged);
  return new BaseData(json, [...diagnostics, ...extra.diagnostics], found);
}

function placed(path: readonly string[], value: Value): Value {
  return path.reduceRight<Value>((below, part) => RegoObject.of([[part, below]]), value);
}

/** Both objects in one, or the path of the first place where two values meet. */
function merge(a: RegoObject, b: RegoObject, at: readonly Value[]): RegoObject | { readonly clash: readonly Value[] } {
  if (a.entries.length === 0) return b;
  const entries = new Map(a.entries);
  for (const [key, value] of b.entries) {
    const held = entries.get(key);
    if (held === undefined) entries.set(key, value);
    else if (held instanceof RegoObject && value instanceof RegoObject) {
      const both = merge(held, value, [...at, key]);
      if (!(both instanceof RegoObject)) return both;
      entries.set(key, both);
    } else return { clash: [...at, key] };
  }
  return RegoObject.of(entries);
}
