// Reads what `-d`, `-b` and path arguments name, as OPA's loader does: policies, data documents, bundles; HOCON wherever JSON is taken.
import { readRegoText, writeJson } from "#evaluation/rego-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { rmsLibrary } from "#workspace/rms-library.generated.ts";
import { type Document, readDocument } from "./documents.ts";
import type { Io } from "./io.ts";

export interface LoadOptions {
  /** True for `-b`: only `.rego`, `data.json`, `data.yaml` and `.manifest` are read. */
  readonly bundle: boolean;
  /** Names or patterns that are passed over (`--ignore`). */
  readonly ignore: readonly string[];
  readonly version: RegoVersion;
}

export interface Loaded {
  readonly modules: readonly ParsedModule[];
  /** The base document as JSON text. */
  readonly data: string;
  /** Sentences that name the file and what is wrong; nothing else is usable when there is one. */
  readonly faults: readonly string[];
}

/** Loads every path; a fault of one file does not hide those of others. */
export function load(paths: readonly string[], options: LoadOptions, io: Io): Loaded {
  const loader = new Loader(options, io);
  for (const path of paths) loader.add(path);
  return loader.finish();
}

class Loader {
  private readonly modules: ParsedModule[] = [];
  private readonly faults: string[] = [];
  private readonly documents: { readonly at: readonly string[]; readonly document: Document; readonly path: string }[] = [];
  private readonly options: LoadOptions;
  private readonly io: Io;

  constructor(options: LoadOptions, io: Io) {
    this.options = options;
    this.io = io;
  }

  /** `path` or `prefix:path`, where the prefix (`data.a.b` or `a.b`) says where a data file goes. */
  add(argument: string): void {
    const { prefix, path } = splitPrefix(argument, this.io);
    switch (this.io.kind(path)) {
      case "file":
        this.file(path, prefix, true);
        return;
      case "folder":
        this.folder(path, prefix, this.isProject(path));
        return;
      case undefined:
        this.faults.push(`stat ${path}: no such file or directory`);
    }
  }

  finish(): Loaded {
    let data: Value = RegoObject.of([]);
    const [only] = this.documents;
    if (this.faults.length > 0) return { modules: this.modules, data: "{}", faults: this.faults };
    this.modules.push(...missingLibrary(this.modules));
    if (only !== undefined && this.documents.length === 1 && only.at.length === 0)
      return { modules: this.modules, data: only.document.json, faults: [] };
    for (const { at, document, path } of this.documents) {
      const merged = mergeData(data, nest(at, readRegoText(document.json)));
      if (merged === undefined) {
        this.faults.push(`${path}: merge error: the document clashes with one that was loaded before`);
        continue;
      }
      data = merged;
    }
    return { modules: this.modules, data: writeJson(data), faults: this.faults };
  }

  private isProject(folder: string): boolean {
    return this.io.kind(join(folder, "rw.conf")) === "file";
  }

  private folder(path: string, at: readonly string[], project: boolean): void {
    for (const name of this.io.list(path)) {
      if (ignores(this.options.ignore, name)) continue;
      const full = join(path, name);
      if (this.io.kind(full) === "folder") {
        // The samples of a project are inputs, not data.
        if (name === "node_modules" || name === ".git" || (project && name === "inputs")) continue;
        this.folder(full, [...at, name], project || this.isProject(full));
      } else this.file(full, at, false);
    }
  }

  private file(path: string, at: readonly string[], named: boolean): void {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.endsWith(".rego")) {
      const text = this.text(path);
      if (text !== undefined)
        this.modules.push(parseModule(text, { file: path, version: name.endsWith("_v0.rego") ? "v0" : this.options.version }));
      return;
    }
    const isData = /\.(json|ya?ml)$/.test(name) || (named ? /\.(conf|hocon)$/.test(name) : /^data\.(conf|hocon)$/.test(name));
    if (!isData || (!named && this.options.bundle && !/^data\.(json|ya?ml)$/.test(name))) return;
    const document = readDocument(path, this.io);
    if ("fault" in document) this.faults.push(document.fault);
    else this.documents.push({ at, document, path });
  }

  private text(path: string): string | undefined {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.io.readFile(path));
    } catch {
      this.faults.push(`${path}: the file is not UTF-8 text: save it as UTF-8`);
      return undefined;
    }
  }
}

/** The rms.* library, which comes along when a module asks for it and none brings it. */
export function missingLibrary(modules: readonly ParsedModule[]): readonly ParsedModule[] {
  const brought = modules.some(({ module }) => module.package?.path[0]?.value === "rms");
  if (brought || !modules.some(({ text }) => text.includes("data.rms"))) return [];
  return rmsLibrary.map(({ name, text }) => parseModule(text, { file: name }));
}

/** True for names that one of the patterns (`--ignore`) names: `*` and `?` stand for characters. */
export function ignores(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*/g, ".*")
        .replace(/\?/g, ".")}$`,
    ).test(name),
  );
}

export function join(folder: string, name: string): string {
  return folder === "." || folder === "" ? name : folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

function splitPrefix(argument: string, io: Io): { prefix: readonly string[]; path: string } {
  const colon = argument.indexOf(":");
  if (colon <= 1 || argument.startsWith("file://") || io.kind(argument) !== undefined)
    return { prefix: [], path: argument.replace(/^file:\/\//, "") };
  const prefix = argument.slice(0, colon).replace(/^data\.?/, "");
  return { prefix: prefix === "" ? [] : prefix.split(/[./]/), path: argument.slice(colon + 1) };
}

function nest(at: readonly string[], value: Value): Value {
  return at.reduceRight<Value>((inner, key) => RegoObject.of([[key, inner]]), value);
}

/** Both documents in one; undefined when they disagree anywhere but in objects. */
function mergeData(a: Value, b: Value): Value | undefined {
  if (!(a instanceof RegoObject) || !(b instanceof RegoObject)) return undefined;
  const entries = new Map<Value, Value>(a.entries.map(([key, value]) => [key, value]));
  for (const [key, value] of b.entries) {
    const before = a.get(key);
    const merged = before === undefined ? value : mergeData(before, value);
    if (merged === undefined) return undefined;
    entries.set(key, merged);
  }
  return RegoObject.of(entries);
}
