// Reads what `-d` and path arguments name, as OPA's loader does: policies, data documents, bundle archives; HOCON wherever JSON is taken.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { readRegoText } from "#evaluation/rego-text.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { asksForLibrary, isRmsPackage } from "#workspace/rms.ts";
import { rmsLibrary } from "#workspace/rms-library.generated.ts";
import { packageOf } from "#workspace/scope.ts";
import { readBundle } from "./bundle-load.ts";
import { configuredDialects, type DialectOf } from "./configured-dialect.ts";
import { BaseDocument } from "./data-merge.ts";
import { foreignUrl, leadsUp, namesIn } from "./disk-files.ts";
import { readDocument } from "./documents.ts";
import type { Io } from "./io.ts";
import {
  ignores,
  join,
  type LoadFault,
  type LoadOptions,
  missingDialect,
  normalize,
  type ReadValue,
  splitPrefix,
  textOf,
  untimed,
  yamlTextOf,
  yamlValue,
} from "./load-parts.ts";
import { faultsOf, isSound } from "./metadata-faults.ts";

export interface Loaded {
  readonly modules: readonly ParsedModule[];
  readonly data: BaseDocument;
  /** Nothing else is usable when there is one. */
  readonly faults: readonly LoadFault[];
}

/** Loads every path; a fault of one file does not hide those of others. */
export function load(paths: readonly string[], options: LoadOptions, io: Io): Loaded {
  const loader = new Loader(options, io);
  for (const path of paths) loader.add(path);
  const { modules, data, read } = loader;
  return { modules, data, faults: options.withoutMetadata ? read.filter((one) => !isSound(one)) : faultsOf(read) };
}

class Loader {
  readonly modules: ParsedModule[] = [];
  /** Modules and other faults, in the order met. */
  readonly read: LoadFault[] = [];
  readonly data = new BaseDocument();
  private readonly seen = new Set<string>();
  private readonly policies = new Map<string, ParsedModule>();
  private readonly options: LoadOptions;
  private readonly io: Io;
  private readonly dialectOf: DialectOf;

  constructor(options: LoadOptions, io: Io) {
    this.options = options;
    this.io = io;
    this.dialectOf = configuredDialects(io);
  }

  /** `path` or `prefix:path`, where the prefix `a.b` says where a data file goes. */
  add(argument: string): void {
    const foreign = foreignUrl(argument);
    if (foreign !== undefined) {
      this.read.push(foreign);
      return;
    }
    const { prefix, path } = splitPrefix(argument, this.io);
    switch (this.io.kind(path)) {
      case "file":
        this.file(path, prefix, true);
        return;
      case "folder":
        this.folder(cleanFolder(path), prefix, this.isProject(path));
        return;
      case undefined:
        this.read.push(`stat ${path}: no such file or directory`);
    }
  }

  private isProject(folder: string): boolean {
    return this.io.kind(join(folder, "rw.conf")) === "file";
  }

  private folder(path: string, at: readonly string[], project: boolean): void {
    for (const name of namesIn(this.io, path, (fault) => this.read.push(fault))) {
      const full = join(path, name);
      const kind = this.io.kind(full);
      // A link to nothing is told also where its name is to be ignored.
      if (kind === undefined) this.read.push(`stat ${full}: no such file or directory`);
      if (kind === undefined || ignores(this.options.ignore, name)) continue;
      if (kind === "folder") {
        if (leadsUp(this.io, full)) {
          this.read.push(`stat ${full}: too many levels of symbolic links`);
          continue;
        }
        // The samples of a project are inputs, not data.
        if (project && name === "inputs") continue;
        this.folder(full, [...at, name], project || this.isProject(full));
      } else this.file(full, at, false);
    }
  }

  private file(path: string, at: readonly string[], named: boolean): void {
    // Whichever argument leads to a file once more, it is loaded once at each place.
    const place = [...at, normalize(path)].join("\u0000");
    if (this.seen.has(place)) return;
    this.seen.add(place);
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.endsWith(".rego")) this.policy(path);
    else if (name.endsWith(".tar.gz")) this.archive(path, named);
    else if (/\.json$/u.test(name)) this.keep(this.data.addJson(at, decodePolicy(this.io.readFile(path)), path));
    else if (/\.ya?ml$/u.test(name)) this.document(path, at, yamlValue(yamlTextOf(this.io.readFile(path))));
    else if (named ? /\.(?:conf|hocon)$/u.test(name) : /^data\.(?:conf|hocon)$/u.test(name)) {
      const read = readDocument(path, this.io);
      if ("fault" in read) this.read.push(read.fault);
      else this.document(path, at, { value: readRegoText(read.json), text: read.json });
    } else if (named) this.unknown(path, at);
  }

  /** A file of any other name that was asked for: YAML, if it can be read so. */
  private unknown(path: string, at: readonly string[]): void {
    const text = textOf(path, this.io);
    const read = yamlValue(text);
    // Control characters stand in no text file.
    if ("fault" in read || /[^\t\n\r\u0020-\uffff]/u.test(text.replace(/[\u{10000}-\u{10ffff}]/gu, "")))
      this.read.push(`${path}: can't recognize file type`);
    else this.document(path, at, read);
  }

  private policy(path: string): void {
    const known = this.policies.get(path);
    // What is wrong in a file is told once more where it is read at another place.
    if (known !== undefined) return void this.read.push(known);
    const { language, timed = untimed } = this.options;
    const version = this.dialectOf(path) ?? this.options.version;
    const illegal = missingDialect({ ...this.options, version });
    if (illegal !== undefined) return void this.read.push(illegal);
    const options = { file: path, version, isBuiltin: isBuiltinName, ...(language === undefined ? {} : { language }) };
    const text = decodePolicy(this.io.readFile(path));
    const module = timed("timer_rego_module_parse_ns", () => parseModule(text, options));
    this.policies.set(path, module);
    this.read.push(module);
    if (module.diagnostics.length === 0) this.modules.push(module);
  }

  private archive(path: string, named: boolean): void {
    const bundle = readBundle(path, this.options, this.io);
    if (bundle.fault !== undefined) {
      this.read.push(typeof bundle.fault === "string" ? `bundle ${path}: ${bundle.fault}` : bundle.fault);
      return;
    }
    const { archiveFault } = this.options;
    if (archiveFault !== undefined && !named) return;
    const refused = archiveFault?.(bundle);
    if (refused !== undefined) return void this.read.push(`bundle ${path}: ${refused}`);
    this.modules.push(...bundle.modules);
    const fault = this.data.addDocument(bundle.data, path);
    if (fault !== undefined) this.read.push(fault);
  }

  private keep(fault: LoadFault | undefined): void {
    if (fault !== undefined) this.read.push(fault);
  }

  private document(path: string, at: readonly string[], read: ReadValue): void {
    this.keep("fault" in read ? `${path}: ${read.fault}` : this.data.add(at, read.value, path, read.text));
  }
}

/** The rms.* library, which comes along when a module asks for it and none brings it. */
export function missingLibrary(modules: readonly ParsedModule[]): readonly ParsedModule[] {
  const brought = modules.some((parsed) => isRmsPackage(packageOf(parsed)));
  if (brought || !modules.some(({ text }) => asksForLibrary(text))) return [];
  return rmsLibrary.map(({ name, text }) => parseModule(text, { file: name }));
}

/** What is in a folder has a clean path; a file that was named itself is told as it was named. */
function cleanFolder(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=.)/u, "").replace(/(?<=.)\/+$/u, "");
}
