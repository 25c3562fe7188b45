// A bundle read from a folder or an archive: manifest, policies in their dialect, documents with exact numbers, compiled modules.
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { readTar } from "#bundles/tar.ts";
import { RegoObject } from "#evaluation/value.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import {
  type FolderFile,
  type FolderOptions,
  manifestFault,
  type PolicyFolder,
  readPolicyFolder,
} from "#workspace/policy-folder.ts";
import { filesBelow, kindAt, whyMissing } from "./disk-files.ts";
import type { Io } from "./io.ts";
import { JsonOutline } from "./json-outline.ts";
import { ignores, join, type LoadFault, type LoadOptions, missingDialect, pathOf, untimed } from "./load-parts.ts";
import { withMetadata } from "./metadata-faults.ts";

export interface BundleFile {
  /** Relative to the bundle. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface LoadedBundle {
  /** As it was named. */
  readonly name: string;
  readonly files: readonly BundleFile[];
  readonly modules: readonly ParsedModule[];
  /** What each module, by its file, is read as before its imports: the manifest may say so. */
  readonly dialects: ReadonlyMap<string, RegoVersion>;
  /** An outline where it is all one text, whose values nobody needed yet. */
  readonly data: RegoObject | JsonOutline;
  readonly roots: readonly string[];
  /** The manifest as it is written; undefined without one. */
  readonly manifest: Readonly<Record<string, unknown>> | undefined;
  /** What makes it no bundle, without the bundle's name; a module when a policy does not parse. */
  readonly fault: LoadFault | undefined;
  /** How a file of the bundle is named in messages. */
  readonly show: (path: string) => string;
}

/** An unpacked archive is no bigger than this. */
const maxArchiveBytes = 1 << 30;

/** Reads the bundle at a path; what is wrong with it is its `fault`. */
export function readBundle(name: string, options: LoadOptions, io: Io): LoadedBundle {
  const path = pathOf(name);
  const read = bundleFiles(path, options.ignore, io);
  const show = options.byNumber && kindAt(io, path) === "folder" ? (inner: string) => `/${inner}` : read.show;
  const broken = (fault: LoadFault): LoadedBundle => ({
    name,
    files: [],
    modules: [],
    dialects: new Map(),
    data: RegoObject.of([]),
    roots: [""],
    manifest: undefined,
    fault,
    show,
  });
  if ("unread" in read) return broken(options.byNumber ? `stat ${resolve(io.cwd, path)}: ${whyMissing(io, path)}` : read.unread);
  if ("fault" in read) return broken(read.fault);
  const { files } = read;
  const text = ({ path: inner, bytes }: BundleFile): string =>
    inner.endsWith(".rego") ? decodePolicy(bytes) : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const isRead = options.withoutData ? /(?:\.rego|\.manifest)$/u : /(?:\.rego|(?:^|\/)data\.(?:json|ya?ml)|\.manifest)$/u;
  const relevant = files.filter((file) => isRead.test(file.path));
  const texts = relevant.map((file) => ({ path: file.path, text: text(file) }));
  const reading = { version: options.version, show };
  const outlined = withOutline(texts, reading);
  const policies = outlined?.policies ?? readPolicyFolder(texts, reading);
  if (policies.fault !== undefined) return broken(policies.fault);
  const modules: ParsedModule[] = [];
  const { timed = untimed } = options;
  for (const policy of policies.policies) {
    const { version } = policy;
    const { language } = options;
    const illegal = missingDialect({ version, language });
    if (illegal !== undefined) return broken(`1 error occurred: ${illegal.code}: ${illegal.message}`);
    const like = { file: show(policy.path), version, isBuiltin: isBuiltinName, ...(language === undefined ? {} : { language }) };
    const read = timed("timer_rego_module_parse_ns", () => parseModule(policy.text, like));
    const module = options.withoutMetadata ? read : withMetadata(read);
    if (module.diagnostics.length > 0) return broken(module);
    modules.push(module);
  }
  const outside = manifestFault(
    policies,
    modules,
    files.map((file) => file.path),
  );
  if (outside !== undefined) return broken(outside);
  return {
    name,
    files,
    modules,
    dialects: new Map(policies.policies.map(({ path: inner, version }) => [show(inner), version])),
    data: outlined?.data ?? policies.data,
    roots: policies.roots,
    manifest: policies.manifest,
    fault: undefined,
    show,
  };
}

/** The files of a bundle, and how they are named in messages; `unread` when there is none, `fault` when its archive is broken. */
type BundleFiles = { readonly show: (inner: string) => string } & (
  | { readonly files: readonly BundleFile[] }
  | { readonly fault: string }
  | { readonly unread: string }
);

/** The files of a bundle in a folder or an archive. */
export function bundleFiles(path: string, ignore: readonly string[], io: Io): BundleFiles {
  const folder = path.replace(/^\.\/+/u, "") || ".";
  const below = (inner: string): string => join(folder, inner);
  const kind = path === "" ? undefined : kindAt(io, path);
  if (kind === undefined)
    return { unread: `error reading ${JSON.stringify(path)}: stat ${path}: ${whyMissing(io, path)}`, show: below };
  // Also the folder that is the bundle can be named to be ignored.
  const isNothing = kind === "folder" && (isNamedLink(path, io) || ignores(ignore, nameOf(folder)));
  if (kind === "folder") return { files: isNothing ? [] : regularFiles(folder, ignore, io), show: below };
  const read = unpack(io.readFile(path));
  if ("fault" in read) return { fault: read.fault, show: (inner) => inner };
  const files = read.files.filter((file) => !ignores(ignore, file.path.slice(file.path.lastIndexOf("/") + 1)));
  return { files, show: (inner) => read.slash + inner };
}

function nameOf(folder: string): string {
  const [name = folder] = /[^/]+(?=\/*$)/u.exec(folder) ?? [];
  return name;
}

/** A link with a slash behind it is the folder that it leads to. */
function isNamedLink(path: string, io: Io): boolean {
  return !/\/\.?$/u.test(path) && io.isLink(path);
}

/**
 * A folder whose only document lies at the root, with that document as its text. Undefined where its values are needed: under narrower
 * roots, and for other faults to come in their order.
 */
function withOutline(
  files: readonly FolderFile[],
  reading: FolderOptions,
): { readonly policies: PolicyFolder; readonly data: JsonOutline } | undefined {
  const [document, ...others] = files.filter(({ path }) => /(?:^|\/)data\.(?:json|ya?ml)$/u.test(path));
  if (document?.path !== "data.json" || others.length > 0) return undefined;
  const policies = readPolicyFolder(
    files.filter((file) => file !== document),
    reading,
  );
  if (policies.fault !== undefined || !policies.roots.includes("")) return undefined;
  const data = JsonOutline.of(document.text);
  return data && { policies, data };
}

/** `slash` stands before the names where the archive has them so, as `opa build` does. */
type Files = { readonly files: readonly BundleFile[]; readonly slash: "" | "/" } | { readonly fault: string };

function unpack(bytes: Uint8Array): Files {
  const failed = (why: string): Files => ({ fault: `bundle read failed: archive read failed: ${why}` });
  if (bytes.length < 10) return failed(bytes.length === 0 ? "EOF" : "unexpected EOF");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return failed("gzip: invalid header");
  let tar: Uint8Array;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: maxArchiveBytes });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const read = readTar(tar);
  if ("fault" in read) return failed(read.fault);
  const slash = tar[0] === "/".charCodeAt(0) ? "/" : "";
  return { files: read.files.map(({ name, bytes: content }) => ({ path: name, bytes: content })), slash };
}

/**
 * The files themselves: OPA follows no links in a bundle, nor one that is named as the bundle. It takes the folder as it is written off the paths: where those do not begin
 * so (`x/.`), the path stays in the names inside, and messages have it twice.
 */
function regularFiles(root: string, ignore: readonly string[], io: Io): readonly BundleFile[] {
  return filesBelow(io, root, "none", ignore).map((path) => {
    const full = join(root, path);
    return { path: insideOf(root, full).replace(/^\//u, ""), bytes: io.readFile(full) };
  });
}

/** Of names below `.` OPA takes the dot that they begin with for the folder, but of manifests. */
function insideOf(root: string, path: string): string {
  const stays = !path.startsWith(root) || (root === "." && /(?:^|\/)\.manifest(?:\.pb)?$/u.test(path));
  return stays ? path : path.slice(root.length);
}
