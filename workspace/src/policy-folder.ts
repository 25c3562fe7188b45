// A folder (or unpacked archive) read as a bundle: the dialect of each policy by the manifest, the documents of `data.json` and `data.yaml`, what OPA rejects.
import { readJsonText } from "#evaluation/json-text.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { yamlToJson } from "./yaml-json.ts";

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
  /** The base document, plain JSON values. */
  readonly data: Readonly<Record<string, unknown>>;
  /** OPA's roots of the manifest, without slashes at the ends. */
  readonly roots: readonly string[];
  /** OPA's sentence for what makes the folder no bundle, without the bundle's name. */
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
  const data: Record<string, unknown> = {};
  const policies: FolderFile[] = [];
  let manifest: Manifest = {};
  let manifestPath: string | undefined;
  const broken = (fault: string): PolicyFolder => ({ policies: [], data: {}, roots: [""], fault });
  for (const file of files) {
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    if (name.endsWith(".rego")) policies.push(file);
    else if (name === "data.json" || name === "data.yaml" || name === "data.yml") {
      const read = name === "data.json" ? parsedJson(file.text) : parsedYaml(file.text);
      if ("fault" in read) return broken(`bundle load failed on ${options.show(file.path)}: ${read.fault}`);
      const folder = file.path.slice(0, -name.length).replace(/\/$/u, "");
      const fault = insert(data, folder === "" ? [] : folder.split("/"), read.value);
      if (fault !== undefined) return broken(`bundle load failed on /${file.path}: ${fault}`);
    } else if (name.endsWith(".manifest")) {
      if (manifestPath !== undefined)
        return broken(`bundle contains multiple manifest files: "/${manifestPath}" and "/${file.path}"`);
      manifestPath = file.path;
      const read = parsedJson(file.text);
      if ("fault" in read) return broken(`bundle load failed on manifest decode: ${read.fault}`);
      if (isObject(read.value)) manifest = read.value;
    }
  }
  const versioned: FolderPolicy[] = [];
  for (const file of policies) {
    const number = versionOf(manifest, `/${file.path}`);
    const version = number === undefined ? options.version : versions.get(number);
    if (version === undefined) return broken(`unknown bundle rego-version ${String(number)} for file '/${file.path}'`);
    versioned.push({ ...file, version, declared: number !== undefined });
  }
  const roots = Array.isArray(manifest.roots)
    ? manifest.roots.filter((root) => typeof root === "string").map((root) => root.replace(/^\/+|\/+$/gu, ""))
    : [""];
  return { policies: versioned, data, roots, fault: rootsFault(roots, data) };
}

/** OPA's sentence when the package of a policy lies outside the roots. */
export function packageFault(
  roots: readonly string[],
  path: readonly string[],
  printed: string,
  file: string,
): string | undefined {
  if (roots.some((root) => isPrefix(root, path))) return undefined;
  return `manifest roots ${listed(roots)} do not permit 'package ${printed}' in module '${file}'`;
}

function rootsFault(roots: readonly string[], data: Readonly<Record<string, unknown>>): string | undefined {
  for (const [at, root] of roots.entries()) {
    for (const other of roots.slice(at + 1)) {
      if (isPrefix(root, partsOf(other)) || isPrefix(other, partsOf(root)))
        return `manifest has overlapped roots: '${root}' and '${other}'`;
    }
  }
  const visit = (path: readonly string[], value: unknown): string | undefined => {
    if (roots.some((root) => isPrefix(root, path))) return undefined;
    if (isObject(value) && roots.some((root) => path.every((part, i) => partsOf(root)[i] === part))) {
      for (const key of Object.keys(value).sort()) {
        const fault = visit([...path, key], value[key]);
        if (fault !== undefined) return fault;
      }
      return undefined;
    }
    return `manifest roots ${listed(roots)} do not permit data at path '/${path.join("/")}' (hint: check bundle directory structure)`;
  };
  return visit([], data);
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

/** The dialect that a manifest names for a file, `/lib/a.rego` seen from its folder: by pattern, else for all. */
export function versionOf(manifest: Manifest, path: string): unknown {
  const own = manifest.file_rego_versions;
  if (isObject(own)) {
    if (Object.hasOwn(own, path)) return own[path];
    for (const pattern of Object.keys(own).sort()) if (fits(path, pattern)) return own[pattern];
  }
  return manifest.rego_version;
}

function fits(path: string, pattern: string): boolean {
  const source = pattern.replace(/\*\*|[\\^$.+?()[\]{}|*]/gu, (part) =>
    part === "**" ? ".*" : part === "*" ? "[^/]*" : part === "?" ? "[^/]" : `\\${part}`,
  );
  return new RegExp(`^${source}$`, "u").test(path);
}

type Read = { readonly value: unknown } | { readonly fault: string };

function parsedJson(text: string): Read {
  const read = readJsonText(text);
  if (!("fault" in read)) return { value: JSON.parse(text) };
  // A reader of a stream, as bundles are read by, has another word for an early end.
  return { fault: read.fault === "unexpected end of JSON input" ? "unexpected EOF" : read.fault };
}

function parsedYaml(text: string): Read {
  const read = yamlToJson(text, "first");
  return "fault" in read ? { fault: read.fault.message } : { value: JSON.parse(read.json) };
}

/** Puts a document at a path; objects are merged, anything else must not meet. */
function insert(data: Record<string, unknown>, path: readonly string[], value: unknown): string | undefined {
  const wrapped = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (!isObject(wrapped)) return "root value must be object";
  return merge(data, wrapped) ? undefined : "merge error";
}

function merge(into: Record<string, unknown>, from: Readonly<Record<string, unknown>>): boolean {
  for (const [key, value] of Object.entries(from)) {
    const before = Object.hasOwn(into, key) ? into[key] : undefined;
    if (before === undefined) into[key] = value;
    else if (!isObject(before) || !isObject(value) || !merge(before, value)) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True where the documents have a value, or one above it that is no object: a rule may not stand there. */
export function occupied(data: Readonly<Record<string, unknown>>, path: readonly string[]): boolean {
  if (path.length === 0 || Object.keys(data).length === 0) return false;
  let at: Readonly<Record<string, unknown>> = data;
  for (const key of path) {
    if (!Object.hasOwn(at, key)) return false;
    const next = at[key];
    if (!isObject(next)) return true;
    at = next;
  }
  return true;
}
