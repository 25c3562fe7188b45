// What is in a bundle: its files by kind, what the manifest says, and what OPA would refuse it for.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import type { ArchiveFile } from "#bundles/tar.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { manifestFault, type PolicyFolder, readPolicyFolder } from "#workspace/policy-folder.ts";
import { tooLarge } from "./bounds.ts";
import { type BundleSignature, signatureOf } from "./signature.ts";

export type BundleFileKind = "manifest" | "policy" | "data" | "wasm" | "plan" | "signatures" | "other";

export interface BundleFile {
  /** Relative to the bundle. */
  readonly path: string;
  readonly size: number;
  readonly kind: BundleFileKind;
  /** Of a policy that can be read: `storage`. */
  readonly package?: string;
}

export interface BundleProblem {
  /** The file that it is about, and the row in it from 1, where there are such. */
  readonly path?: string;
  readonly row?: number;
  readonly text: string;
}

export interface BundleContents {
  readonly files: readonly BundleFile[];
  readonly revision: string | undefined;
  readonly roots: readonly string[];
  readonly signature: BundleSignature | undefined;
  readonly problems: readonly BundleProblem[];
}

/** The names of a bundle's files, without what archives put before them. */
export function namedFiles(files: readonly ArchiveFile[]): readonly ArchiveFile[] {
  return files.map(({ name, bytes }) => ({ name: name.replace(/^\/+/u, ""), bytes }));
}

export function contentsOf(files: readonly ArchiveFile[]): BundleContents {
  const large = tooLarge(files);
  if (large !== undefined)
    return { files: files.map(listed), revision: undefined, roots: [], signature: undefined, problems: [{ text: large }] };
  const { folder, modules } = policiesOf(files);
  const packages = new Map(
    modules.flatMap(({ file, module }) => (module.package === undefined ? [] : [[file, printRef(module.package.path)] as const])),
  );
  const signature = signatureOf(files);
  return {
    files: files.map((file) => {
      const owner = packages.get(file.name);
      return { ...listed(file), ...(owner === undefined ? {} : { package: owner }) };
    }),
    revision: textOf(folder.manifest?.["revision"]),
    roots: folder.roots,
    signature,
    problems: [...problemsOf(files, folder, modules), ...(signature?.faults ?? []).map((text) => ({ text }))],
  };
}

function listed({ name, bytes }: ArchiveFile): BundleFile {
  return { path: name, size: bytes.length, kind: kindOf(name) };
}

/** The policies of a bundle, parsed in the dialect that its manifest names, and its data. */
export function policiesOf(files: readonly ArchiveFile[]): {
  readonly folder: PolicyFolder;
  readonly modules: readonly ParsedModule[];
} {
  const isRead = ({ name }: ArchiveFile): boolean => ["manifest", "policy", "data"].includes(kindOf(name));
  const texts = files.filter(isRead).map(({ name, bytes }) => ({
    path: name,
    text: name.endsWith(".rego") ? decodePolicy(bytes) : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  }));
  const folder = readPolicyFolder(texts, { version: "v1", show: (path) => path });
  const modules = folder.policies.map(({ path, text, version }) =>
    parseModule(text, { file: path, version, isBuiltin: isBuiltinName }),
  );
  return { folder, modules };
}

function problemsOf(
  files: readonly ArchiveFile[],
  folder: PolicyFolder,
  modules: readonly ParsedModule[],
): readonly BundleProblem[] {
  if (folder.fault !== undefined) return [{ text: folder.fault }];
  const unread = modules.flatMap(({ file, text, diagnostics: [first] }): readonly BundleProblem[] =>
    first === undefined
      ? []
      : [{ path: file, row: new LineIndex(text).lineOf(first.range.start) + 1, text: `${first.code}: ${first.message}` }],
  );
  if (unread.length > 0) return unread;
  const outside = manifestFault(
    folder,
    modules,
    files.map(({ name }) => name),
  );
  return outside === undefined ? [] : [{ text: outside }];
}

function kindOf(name: string): BundleFileKind {
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (base.endsWith(".rego")) return "policy";
  if (base === ".manifest") return "manifest";
  if (base === ".signatures.json") return "signatures";
  if (/^data\.(?:json|ya?ml)$/u.test(base)) return "data";
  if (base.endsWith(".wasm")) return "wasm";
  return base === "plan.json" ? "plan" : "other";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
