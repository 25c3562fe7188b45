// The policies that `rw lint` and `rw fix` look at: those below the paths, without what a pattern leaves out, each in its dialect.
import { isBuiltinName } from "#analysis/rego/builtins/index.ts";
import { unknownRelease } from "#analysis/rego/releases.ts";
import { type ParsedModule, parseModule } from "#grammars/rego/parse.ts";
import { decodePolicy } from "#grammars/text/broken-bytes.ts";
import { configuredOpa } from "#lint/configured-opa.ts";
import { ignoredFiles } from "#lint/ignored-files.ts";
import { LintFile, type Surroundings } from "#lint/lint-file.ts";
import { type BaseData, baseDataOf, isDataFile } from "#workspace/base-data.ts";
import { Dialects } from "#workspace/dialects.ts";
import { isInBaseData, isOfRms } from "#workspace/known-documents.ts";
import { isLinterConfig } from "#workspace/linter-config.ts";
import { basename, dirname, isBelow, relative, resolve } from "#workspace/paths.ts";
import { diskFile } from "#workspace/source-file.ts";
import { loadCapabilities } from "../check-load.ts";
import type { Invocation } from "../command.ts";
import { configuredDialects } from "../configured-dialect.ts";
import { bytesIn, filesBelow, kindAt, whyMissing } from "../disk-files.ts";
import { join, pathOf } from "../load-parts.ts";
import { withMetadata } from "../metadata-faults.ts";
import type { FoundConfig } from "./config.ts";

export interface LintSources {
  readonly files: readonly LintFile[];
  /** Policies with syntax errors: they are not linted. */
  readonly broken: readonly ParsedModule[];
  /** Reads a policy's text once more after it was changed. */
  readonly read: (path: string, text: string) => ParsedModule;
}

const passedOver = [".git", ".idea", "node_modules"];

export function lintSources(call: Invocation, found: FoundConfig): LintSources | { readonly fault: string } {
  const { io } = call;
  const { cwd } = io;
  const patterns = call.given("ignore-files") ? call.all("ignore-files") : found.config.ignoredFiles;
  const isIgnored = ignoredFiles(patterns);
  /** On Windows paths may come with backslashes. */
  const absolute = (path: string): string => resolve(cwd, path.replaceAll("\\", "/"));
  /** From the configuration's folder; from the working directory what lies elsewhere. */
  const seenFrom = (path: string): string => {
    const at = absolute(path);
    return isBelow(at, found.folder) ? relative(found.folder, at) : path;
  };
  /** By their whole paths, as they are first named: `a.rego` and `./a.rego` are one. */
  const paths = new Map<string, string>();
  const around = new Set<string>();
  for (const argument of call.positionals) {
    const path = pathOf(argument);
    const kind = kindAt(io, path);
    if (kind === undefined) return { fault: `stat ${path}: ${whyMissing(io, path)}` };
    const files = kind === "file" ? [path] : filesBelow(io, path, "files", passedOver).map((inner) => join(path, inner));
    for (const file of files) {
      if (!file.endsWith(".rego")) around.add(file);
      else if (!paths.has(absolute(file))) paths.set(absolute(file), file);
    }
  }
  const opa = opaOf(call, found);
  if ("fault" in opa) return opa;
  const read = policyReader(call, found, around);
  const surroundings = { ...opa, hasDocument: documentsOf(call, found, around) };
  const files: LintFile[] = [];
  const broken: ParsedModule[] = [];
  for (const [absolutePath, path] of [...paths].sort(([, a], [, b]) => (a < b ? -1 : 1))) {
    if (isIgnored(seenFrom(path))) continue;
    let unread = "";
    const bytes = bytesIn(io, path, (fault) => {
      unread = fault;
    });
    if (bytes === undefined) return { fault: unread };
    const parsed = read(path, decodePolicy(bytes));
    if (parsed.diagnostics.length > 0) broken.push(parsed);
    else files.push(new LintFile(parsed, { ...surroundings, relativePath: seenFrom(path), absolutePath }));
  }
  return { files, broken, read };
}

/** Reads a policy in the dialect that the files around it say; v0 where they say nothing and it is not v1. */
function policyReader(call: Invocation, { path: config }: FoundConfig, around: ReadonlySet<string>): LintSources["read"] {
  const { io } = call;
  const { cwd } = io;
  const telling = [...around].filter((path) => basename(path) === ".manifest" || isLinterConfig(`/${path}`));
  const files = [...telling.map((path) => resolve(cwd, path)), ...(config === undefined ? [] : [config])];
  const sources = files.flatMap((path) => {
    const bytes = bytesIn(io, path, () => undefined);
    return bytes === undefined ? [] : [diskFile(path, bytes)];
  });
  const dialects = new Dialects({ roots: [], folder: cwd, files: sources, fallback: "v1" });
  const configured = configuredDialects(io);
  return (path, text) => {
    const version = configured(path) ?? dialects.of(resolve(cwd, path));
    const parsed = parseModule(text, { file: path, version, isBuiltin: isBuiltinName });
    if (version === "v0" || parsed.diagnostics.length === 0) return withMetadata(parsed);
    const old = parseModule(text, { file: path, version: "v0", isBuiltin: isBuiltinName });
    return withMetadata(old.diagnostics.length === 0 ? old : parsed);
  };
}

/** Looks into the data files below the paths when a rule first asks for a document. */
function documentsOf(call: Invocation, found: FoundConfig, around: ReadonlySet<string>): (path: readonly string[]) => boolean {
  const { io } = call;
  const { cwd } = io;
  let data: BaseData | undefined;
  const read = (): BaseData => {
    const files = [...around].filter(isDataFile).sort();
    const manifests = [...around].filter((path) => basename(path) === ".manifest").map(dirname);
    const folders = call.positionals.map(pathOf).filter((path) => io.kind(path) === "folder");
    return baseDataOf({
      roots: [found.folder, ...[...folders, ...manifests].map((path) => resolve(cwd, path))],
      files: files.flatMap((path) => {
        const bytes = bytesIn(io, path, () => undefined);
        return bytes === undefined ? [] : [diskFile(resolve(cwd, path), bytes)];
      }),
      extra: { json: undefined, diagnostics: [] },
    });
  };
  return (path) => {
    data ??= read();
    return isInBaseData(data, path) || isOfRms(path);
  };
}

function opaOf(
  { io }: Invocation,
  { config: { capabilities }, path, projectFile }: FoundConfig,
): Pick<Surroundings, "builtins" | "features"> | { readonly fault: string } {
  const { version, file } = capabilities;
  const named = version ?? file;
  const from = named === undefined ? undefined : loadCapabilities(named, io);
  if (named === undefined || from !== undefined) return configuredOpa(capabilities, from);
  const why = version === undefined ? `${file} is not there, or no file of capabilities` : unknownRelease(version);
  return { fault: `${path ?? projectFile}: capabilities.from: ${why}` };
}
