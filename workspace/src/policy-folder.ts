// A folder (or unpacked archive) read as a bundle: the dialect of each policy by the manifest, the documents of `data.json` and `data.yaml`, what OPA rejects.
import { firstJsonValue } from "#evaluation/json-fault.ts";
import { readJsonText } from "#evaluation/json-text.ts";
import { RegoObject, type Value } from "#evaluation/value.ts";
import { readYaml } from "#evaluation/yaml/read.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { decodeManifest } from "./bundle-manifest.ts";
import { globOf } from "./globs.ts";
import { mergeObjects, placedAt } from "./merge-objects.ts";

export interface FolderFile {
  /** Relative to the bundle, `lib/a.rego`. */
  readonly path: string;
  readonly text: string;
}

export interface FolderPolicy extends FolderFile {
  readonly version: RegoVersion;
  /** True when the manifest says so, and not the reader. */
  readonly declared: boolean;
}

export interface PolicyFolder {
  readonly policies: readonly FolderPolicy[];
  /** The base document. */
  readonly data: RegoObject;
  /** The manifest as it is written; undefined without one. */
  readonly manifest: Readonly<Record<string, unknown>> | undefined;
  /** OPA's roots of the manifest, without slashes at the ends. */
  readonly roots: readonly string[];
  /** OPA's sentence for what makes the folder no bundle before its policies are parsed, without the bundle's name. */
  readonly fault: string | undefined;
}

export interface FolderOptions {
  readonly version: RegoVersion;
  /** Names a file as messages show it. */
  readonly show: (path: string) => string;
}

export interface Manifest {
  readonly roots?: unknown;
  readonly rego_version?: unknown;
  readonly file_rego_versions?: unknown;
}

const versions: ReadonlyMap<unknown, RegoVersion> = new Map<unknown, RegoVersion>([
  [0, "v0"],
  [1, "v1"],
  [2, "v2"],
]);

/** Reads the files of a bundle in their order. */
export function readPolicyFolder(files: readonly FolderFile[], options: FolderOptions): PolicyFolder {
  let data = RegoObject.of([]);
  const policies: FolderFile[] = [];
  let manifest: Readonly<Record<string, unknown>> | undefined;
  let manifestPath: string | undefined;
  const broken = (fault: string): PolicyFolder => ({
    policies: [],
    data: RegoObject.of([]),
    manifest: undefined,
    roots: [""],
    fault,
  });
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    if (name.endsWith(".rego")) policies.push(file);
    else if (name === "data.json" || name === "data.yaml" || name === "data.yml") {
      const read = name === "data.json" ? parsedJson(file.text) : readYaml(file.text);
      if ("fault" in read) return broken(`bundle load failed on ${options.show(file.path)}: ${read.fault}`);
      const wrapped = placedAt(keysAbove(file.path), read.value);
      if (!(wrapped instanceof RegoObject)) return broken(`bundle load failed on /${file.path}: root value must be object`);
      const merged = mergeObjects(data, wrapped);
      if (!(merged instanceof RegoObject)) {
        const place = file.path.slice(0, Math.max(file.path.lastIndexOf("/"), 0));
        return broken(`bundle load failed on /${file.path}: failed to insert data file from path ${place}`);
      }
      data = merged;
    } else if (name.endsWith(".manifest")) {
      if (manifestPath !== undefined)
        return broken(`bundle contains multiple manifest files: "/${manifestPath}" and "/${file.path}"`);
      manifestPath = file.path;
      // OPA reads the first value of a manifest and nothing behind it.
      const first = firstJsonValue(file.text);
      const read = parsedJson(first);
      if ("fault" in read) return broken(`bundle load failed on manifest decode: ${read.fault}`);
      const decoded = decodeManifest(JSON.parse(first));
      if ("fault" in decoded) return broken(`bundle load failed on manifest decode: ${decoded.fault}`);
      manifest = decoded.manifest;
    }
  }
  const versioned: FolderPolicy[] = [];
  for (const file of policies) {
    const named = versionOf(manifest ?? {}, `/${file.path}`);
    if ("fault" in named) return broken(named.fault);
    const { number } = named;
    const version = number === undefined ? options.version : versions.get(number);
    if (version === undefined) return broken(`unknown bundle rego-version ${String(number)} for file '/${file.path}'`);
    versioned.push({ ...file, version, declared: number !== undefined });
  }
  const named = manifest?.["roots"];
  const roots = Array.isArray(named)
    ? named.map((root) => (typeof root === "string" ? root.replace(/^\/+|\/+$/gu, "") : ""))
    : [""];
  return { policies: versioned, data, manifest, roots, fault: undefined };
}

/** The keys of a data document are the folders above it, but for the dots and slashes that they begin with. */
function keysAbove(path: string): readonly string[] {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0)).replace(/^[/.]+/u, "");
  return folder === "" ? [] : folder.split("/");
}

/** OPA's sentence for roots inside of each other: those of one manifest, or of all bundles that are read as one. */
export function rootsFault(roots: readonly string[]): string | undefined {
  for (const [at, root] of roots.entries()) {
    for (const other of roots.slice(at + 1)) {
      if (isPrefix(root, partsOf(other)) || isPrefix(other, partsOf(root)))
        return `manifest has overlapped roots: '${root}' and '${other}'`;
    }
  }
  return undefined;
}

/**
 * OPA's sentence for what lies outside the roots, for roots inside of each other and for Wasm modules that are missing; asked when the
 * policies are parsed. `paths`: the files of the bundle.
 */
export function manifestFault(
  { roots, data, manifest }: Pick<PolicyFolder, "roots" | "data" | "manifest">,
  modules: readonly ParsedModule[],
  paths: readonly string[],
): string | undefined {
  const overlap = rootsFault(roots);
  if (overlap !== undefined) return overlap;
  for (const { file, module } of modules) {
    const path = module.package?.path ?? [];
    const names = path.map(({ value }) => value);
    if (!roots.some((root) => isPrefix(root, names)))
      return `manifest roots ${listed(roots)} do not permit 'package ${printRef(path)}' in module '${file}'`;
  }
  const resolvers: unknown = manifest?.["wasm"];
  const wrongWasm = Array.isArray(resolvers) ? wasmFault(resolvers, roots, paths) : undefined;
  if (wrongWasm !== undefined) return wrongWasm;
  const visit = (path: readonly string[], value: Value): string | undefined => {
    if (roots.some((root) => isPrefix(root, path))) return undefined;
    if (value instanceof RegoObject && roots.some((root) => path.every((part, i) => partsOf(root)[i] === part))) {
      for (const [key, inner] of value.entries) {
        const fault = visit([...path, String(key)], inner);
        if (fault !== undefined) return fault;
      }
      return undefined;
    }
    return `manifest roots ${listed(roots)} do not permit data at path '/${path.join("/")}' (hint: check bundle directory structure)`;
  };
  return visit([], data);
}

/** What is wrong with the modules that a manifest names, each for an entrypoint of its own. */
function wasmFault(resolvers: readonly unknown[], roots: readonly string[], paths: readonly string[]): string | undefined {
  const there = new Set(paths.filter((path) => /(?:^|\/)policy\.wasm$/u.test(path)).map((path) => `/${path}`));
  const seen = new Set<string>();
  for (const one of resolvers.filter(isObject)) {
    const [module, entrypoint] = [one["module"] ?? "", one["entrypoint"] ?? ""].map(String) as [string, string];
    if (!there.has(module)) return `manifest references wasm module '${module}' but the module file does not exist`;
    if (!roots.some((root) => isPrefix(root, partsOf(entrypoint))))
      return `manifest roots ${listed(roots)} do not permit '${entrypoint}' entrypoint for wasm module '${module}'`;
    if (seen.has(entrypoint)) return `entrypoint '${entrypoint}' cannot be used by more than one wasm module`;
    seen.add(entrypoint);
  }
  return undefined;
}

function listed(roots: readonly string[]): string {
  return `[${roots.join(" ")}]`;
}

function partsOf(root: string): readonly string[] {
  return root === "" ? [] : root.split("/");
}

function isPrefix(root: string, path: readonly string[]): boolean {
  const parts = partsOf(root);
  return parts.length <= path.length && parts.every((part, i) => path[i] === part);
}

/** The dialect that a manifest names for a file, `/lib/a.rego` seen from its folder: by the first pattern that fits, else for all. */
export function versionOf(manifest: Manifest, path: string): { readonly number: unknown } | { readonly fault: string } {
  const globs = globsOf(manifest);
  if ("fault" in globs) return globs;
  const own = globs.versions.find(({ matches }) => matches.test(path));
  // As in OPA, `null` is the number that Go begins with; for all files it names none.
  return { number: own === undefined ? (manifest.rego_version ?? undefined) : (own.number ?? 0) };
}

/** The patterns of a manifest in order, or what is wrong with the first that is none. */
const globsOf = oncePer((manifest: Manifest): { readonly versions: readonly FileVersion[] } | { readonly fault: string } => {
  const own = manifest.file_rego_versions;
  const versions: FileVersion[] = [];
  for (const pattern of isObject(own) ? Object.keys(own).sort() : []) {
    const glob = globOf(pattern);
    if ("fault" in glob) return { fault: `failed to compile glob pattern ${pattern}: ${glob.fault}` };
    versions.push({ matches: glob.matches, number: isObject(own) ? own[pattern] : undefined });
  }
  return { versions };
});

interface FileVersion {
  readonly matches: RegExp;
  readonly number: unknown;
}

type Read = { readonly value: Value } | { readonly fault: string };

function parsedJson(text: string): Read {
  const read = readJsonText(text);
  if (!("fault" in read)) return read;
  // A reader of a stream, as bundles are read by, has another word for an early end.
  return { fault: read.fault === "unexpected end of JSON input" ? "unexpected EOF" : read.fault };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True where the documents have a value, or one above it that is no object: a rule may not stand there. */
export function occupied(data: RegoObject, path: readonly string[]): boolean {
  if (path.length === 0 || data.entries.length === 0) return false;
  let at: Value = data;
  for (const key of path) {
    if (!(at instanceof RegoObject)) return true;
    const next = at.get(key);
    if (next === undefined) return false;
    at = next;
  }
  return true;
}
