// What `rw check` reads: policies only, or whole bundles with `--bundle`; schemas; a capabilities file. Files and messages as `opa check` has them.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { type Capabilities, readCapabilities } from "#analysis/rego/capabilities.ts";
import { release } from "#analysis/rego/releases.ts";
import { writeJsonText } from "#evaluation/json-text.ts";
import { readYaml } from "#evaluation/yaml/read.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import type { Language } from "#grammars/rego/language.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { isBelow, resolve } from "#workspace/paths.ts";
import { manifestFault, occupied, type PolicyFolder, readPolicyFolder, rootsFault } from "#workspace/policy-folder.ts";
import { withReferredFiles } from "#workspace/schema-references.ts";
import { schemaName } from "#workspace/schemas.ts";
import { bundleFiles } from "./bundle-load.ts";
import type { MetConfig } from "./check-config.ts";
import { configuredDialects } from "./configured-dialect.ts";
import { bytesIn, filesBelow, foreignUrl, kindAt, leadsUp, namesIn, whyMissing } from "./disk-files.ts";
import { type ReadOutcome, readDocument } from "./documents.ts";
import { configReader, readConfigFile } from "./input.ts";
import type { Io } from "./io.ts";
import { missingLibrary } from "./load.ts";
import { ignores, join, type LoadFault, missingDialect, normalize, pathOf, splitPrefix, yamlTextOf } from "./load-parts.ts";
import { faultsOf, isModule, withMetadata } from "./metadata-faults.ts";

export interface CheckSources {
  readonly modules: readonly ParsedModule[];
  /** Faults of reading, in the order met; a module with syntax errors stands among them, and once more where another path leads to it. */
  readonly faults: readonly LoadFault[];
  /** The bundle whose policies do not parse: its name leads the printed report. */
  readonly brokenBundle: string | undefined;
  readonly hasData: ((path: readonly string[]) => boolean) | undefined;
  /** The `rw.conf` files that were met. */
  readonly configs: readonly MetConfig[];
}

export interface CheckLoading {
  readonly ignore: readonly string[];
  readonly version: RegoVersion;
  readonly alsoV1: boolean;
  readonly language?: Language;
}

/** The policies below the paths. */
export function loadPolicies(paths: readonly string[], loading: CheckLoading, io: Io): CheckSources {
  const modules = new Map<string, ParsedModule>();
  const read: LoadFault[] = [];
  const configs = new Map<string, MetConfig>();
  const seen = new Set<string>();
  const readConfig = configReader(io);
  const dialectOf = configuredDialects(io, readConfig);
  const visit = (path: string, depth: number, at: readonly string[]): void => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const kind = kindAt(io, path);
    if (kind === undefined) {
      read.push(foreignUrl(path) ?? `stat ${path}: ${whyMissing(io, path)}`);
      return;
    }
    if (ignores(loading.ignore, name) && depth > 0) return;
    if (kind === "folder") {
      if (depth > 0 && leadsUp(io, path)) read.push(`stat ${path}: too many levels of symbolic links`);
      else {
        const inside = depth > 0 ? [...at, name] : at;
        for (const inner of namesIn(io, path, (fault) => read.push(fault))) visit(join(path, inner), depth + 1, inside);
      }
      return;
    }
    if (name === "rw.conf") configs.set(path, { path, read: readConfig(absolute(path, io)) });
    if (!name.endsWith(".rego")) return;
    // Whichever argument leads to a file once more, it is read once for each place below `data`.
    const place = [...at, normalize(path)].join("\u0000");
    if (seen.has(place)) return;
    seen.add(place);
    const known = modules.get(path);
    const bytes = known === undefined ? bytesIn(io, path, (fault) => read.push(fault)) : undefined;
    if (known === undefined && bytes === undefined) return;
    const version = dialectOf(path);
    const illegal = missingDialect({ ...loading, version: version ?? loading.version });
    if (illegal !== undefined) return void read.push(illegal);
    const module = known ?? parse(path, decodePolicy(bytes!), loading, version, version === "v1");
    modules.set(path, module);
    read.push(module);
  };
  for (const { path } of paths.map((argument) => splitPrefix(argument, io)))
    visit(kindAt(io, path) === undefined ? path : path.replace(/(?<=.)\/+$/u, ""), 0, []);
  const found = [...modules.values()];
  // What is wrong in METADATA, too, is told as often as a file was read.
  const isRepeated = read.filter(isModule).length > found.length;
  found.push(...missingLibrary(found));
  return {
    modules: found,
    faults: faultsOf(read, isRepeated),
    brokenBundle: undefined,
    hasData: undefined,
    configs: [...configs.values()],
  };
}

function parse(file: string, text: string, loading: CheckLoading, version = loading.version, declared = false): ParsedModule {
  const { language } = loading;
  const options = { file, version, alsoV1: loading.alsoV1 && !declared, isBuiltin: isBuiltinName };
  return parseModule(text, language === undefined ? options : { ...options, language });
}

/** The policies and documents of bundles. */
export function loadBundles(paths: readonly string[], loading: CheckLoading, io: Io): CheckSources {
  const modules: ParsedModule[] = [];
  const folders: PolicyFolder[] = [];
  const named = paths.map((path) => join(path, "rw.conf")).filter((path) => io.kind(path) === "file");
  const configs = named.map((path): MetConfig => ({ path, read: readConfigFile(absolute(path, io), io) }));
  const nothing = { brokenBundle: undefined, hasData: undefined, configs };
  const failed = (fault: string): CheckSources => ({ modules, faults: [fault], ...nothing });
  for (const path of paths.map(pathOf)) {
    const read = bundleFiles(path, loading.ignore, io);
    if ("unread" in read) return failed(read.unread);
    if ("fault" in read) return failed(`bundle ${path}: ${read.fault}`);
    const { show } = read;
    const folder = readPolicyFolder(
      read.files.map(({ path: inner, bytes }) => ({ path: inner, text: decodePolicy(bytes) })),
      { version: loading.version, show },
    );
    if (folder.fault !== undefined) return failed(`bundle ${path}: ${folder.fault}`);
    const own: ParsedModule[] = [];
    for (const policy of folder.policies) {
      const illegal = missingDialect({ ...loading, version: policy.version });
      if (illegal !== undefined) return { ...nothing, modules, faults: [illegal], brokenBundle: path };
      const read = parse(show(policy.path), policy.text, loading, policy.version, policy.declared);
      const module = withMetadata(read);
      modules.push(module);
      if (module.diagnostics.length > 0) return { ...nothing, modules, faults: [module], brokenBundle: path };
      own.push(module);
    }
    const outside = manifestFault(
      folder,
      own,
      read.files.map((file) => file.path),
    );
    if (outside !== undefined) return failed(`bundle ${path}: ${outside}`);
    folders.push(folder);
  }
  const overlap = rootsFault(folders.flatMap(({ roots }) => roots));
  if (overlap !== undefined) return failed(overlap);
  modules.push(...missingLibrary(modules));
  return {
    modules,
    ...nothing,
    faults: [],
    hasData: (path) => folders.some(({ data }) => occupied(data, path)),
  };
}

const absolute = (path: string, { cwd }: Io): string => resolve(cwd, path);

/** JSON schemas by name: a folder gives `schema.a.b` for `a/b.json`, a single file is the schema of `input`. */
export function loadSchemas(
  path: string,
  io: Io,
): { readonly schemas: ReadonlyMap<string, unknown> } | { readonly fault: string } {
  const schemas = new Map<string, unknown>();
  const kind = io.kind(path);
  if (kind === undefined) return { fault: `stat ${path}: no such file or directory` };
  const files = kind === "folder" ? filesBelow(io, path, "all") : [undefined];
  for (const inner of files) {
    const read = readSchema(inner === undefined ? path : join(path, inner), io);
    if ("fault" in read) return read;
    const schema = withReferredFiles(JSON.parse(read.json), (referred) => referredSchema(referred, path, io));
    if (inner === undefined) schemas.set("schema", schema);
    // As in OPA, what holds nothing is not there.
    else if (schema !== null) schemas.set(schemaName(inner), schema);
  }
  return { schemas };
}

/** What a schema names by a `file:` address, below the working folder or the schemas; elsewhere nothing is read for it. */
function referredSchema(path: string, schemas: string, io: Io): unknown {
  if (io.kind(path) !== "file") return undefined;
  const real = io.realPath(path);
  if (![io.cwd, absolute(schemas, io)].some((folder) => isBelow(real, io.realPath(folder)))) return undefined;
  const read = readSchema(path, io);
  return "fault" in read ? undefined : JSON.parse(read.json);
}

/** A schema is HOCON by its name, else YAML, of which JSON is a part. */
function readSchema(path: string, io: Io): ReadOutcome {
  if (/\.(?:conf|hocon)$/u.test(path)) return readDocument(path, io);
  const read = readYaml(yamlTextOf(io.readFile(path)));
  return "fault" in read ? { fault: `${path}: ${read.fault}` } : { json: writeJsonText(read.value) };
}

/** The capabilities of a release of OPA, or those of the file at a path. */
export function loadCapabilities(path: string, io: Io): Capabilities | undefined {
  if (io.kind(path) !== "file") return release(path);
  const read = readDocument(path, io);
  return ("fault" in read ? undefined : readCapabilities(JSON.parse(read.json))) ?? release(path);
}
