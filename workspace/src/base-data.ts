// The base document of a project: its data files merged into one.
import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { RegoObject } from "#evaluation/value.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { documentFault, readDocument } from "./documents.ts";
import { mergeObjects, placedAt } from "./merge-objects.ts";
import { basename, dirname, nearestFolder, relative } from "./paths.ts";
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

/** The files, each at the path of its folder below its root; one that clashes with those before it is left out and told. */
export function baseDataOf({ roots, files, extra }: DataSources): BaseData {
  const diagnostics: Diagnostic[] = [];
  const found: DataPlace[] = [];
  let merged = RegoObject.of([]);
  for (const file of files) {
    const { json, diagnostics: own } = readDocument(file);
    diagnostics.push(...own);
    if (json === undefined) continue;
    const root = nearestFolder(file.path, roots) ?? dirname(file.path);
    const folder = relative(root, dirname(file.path));
    const path = folder === "" ? [] : folder.split("/");
    const value = placedAt(path, readRegoText(json));
    if (!(value instanceof RegoObject)) {
      diagnostics.push(...documentFault(file, 0, "rw_data_error", "the data at the root must be an object").diagnostics);
      continue;
    }
    const both = mergeObjects(merged, value);
    if (both instanceof RegoObject) {
      merged = both;
      found.push({ path, file });
    } else {
      const message = `data.${both.clash.join(".")} is given by another file too`;
      diagnostics.push(...documentFault(file, 0, "rw_data_error", message).diagnostics);
    }
  }
  const added = extra.json === undefined ? undefined : readRegoText(extra.json);
  const whole = added instanceof RegoObject ? mergeObjects(merged, added) : merged;
  const json = writeJson(whole instanceof RegoObject ? whole : merged);
  return new BaseData(json, [...diagnostics, ...extra.diagnostics], found);
}
