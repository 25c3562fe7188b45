// Reads one JSON, YAML or HOCON document as JSON text, digits kept; a fault is one sentence with file and line.

import type { Conversions } from "#analysis/hocon/convert.ts";
import { outsideFolders } from "#analysis/hocon/include.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import type { Profile } from "#workspace/config.ts";
import { readDocument as readJsonOrYaml } from "#workspace/documents.ts";
import { resolveFile } from "#workspace/hocon.ts";
import { dirname, isBelow, resolve } from "#workspace/paths.ts";
import { bufferFile, diskFile, type SourceFile } from "#workspace/source-file.ts";
import type { Io } from "./io.ts";

export interface Document {
  readonly json: string;
}

export type ReadOutcome = Document | { readonly fault: string };

/** By the file's ending: `.conf` and `.hocon` are HOCON with includes, `.yaml` and `.yml` YAML, everything else JSON. */
export function readDocument(path: string, io: Io): ReadOutcome {
  if (io.kind(path) !== "file") return { fault: `stat ${path}: no such file or directory` };
  return documentOf(diskFile(path, io.readFile(path)), io);
}

/** The same for a text that is there already; `path` says what it is and where includes start. */
export function textDocument(path: string, text: string, io: Io): ReadOutcome {
  return documentOf(bufferFile(path, text, 0), io);
}

function documentOf(file: SourceFile, io: Io): ReadOutcome {
  if (file.unreadable !== undefined) return { fault: `${file.path}: ${file.unreadable}` };
  if (file.kind !== "hocon") {
    const { json, diagnostics } = readJsonOrYaml(file);
    return json === undefined ? { fault: sentence(diagnostics, [file]) } : { json };
  }
  return composedDocument(file, io, noComposition);
}

/** What an input is beside its own text. */
export interface Composition {
  /** Counts `file("…")` includes and the paths of a profile. */
  readonly root: string;
  readonly base: string | undefined;
  readonly profile: Profile | undefined;
  readonly convert: Conversions;
  /** Folders below the root that class path includes count from. */
  readonly classpath: readonly string[];
  /** HOCON above all others. */
  readonly assignments?: string | undefined;
}

const noComposition: Omit<Composition, "root"> = { base: undefined, profile: undefined, convert: new Map(), classpath: [] };

/** A document merged with others and converted. Includes read below the working directory, the root and the folder of the file. */
export function composedDocument(file: SourceFile, io: Io, how: Omit<Composition, "root"> & Partial<Composition>): ReadOutcome {
  const cwd = resolve(io.cwd, ".");
  const root = how.root ?? cwd;
  const main = { ...file, path: resolve(cwd, file.path) };
  const allowed = [cwd, root, dirname(main.path)].map((path) => io.realPath(path));
  const read = new Map<string, SourceFile>([[main.path, main]]);
  const find = (path: string): SourceFile | undefined => {
    const known = read.get(path);
    if (known !== undefined) return known;
    if (io.kind(path) !== "file") return undefined;
    const inside = allowed.some((folder) => isBelow(io.realPath(path), folder));
    const found = inside ? diskFile(path, io.readFile(path)) : refusedFile(path);
    read.set(path, found);
    return found;
  };
  const { base: named, convert, classpath, assignments } = how;
  const profile = assignments === undefined ? how.profile : withAssignments(how.profile, assignments, read);
  // Files that the caller names may lie anywhere.
  for (const path of [named, ...(profile?.overlays ?? [])]) {
    if (path === undefined || path === assigned) continue;
    const at = resolve(root, path);
    if (io.kind(at) !== "file") return { fault: `stat ${path}: no such file or directory` };
    read.set(at, diskFile(at, io.readFile(at)));
  }
  const base = named === undefined ? undefined : find(resolve(root, named));
  const { json, diagnostics } = resolveFile(main, { root, find, profile, base, convert, classpath });
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (json !== undefined && errors.length === 0) return { json };
  return {
    fault: sentence(errors.length > 0 ? errors : diagnostics, [...read.values()])
      .replace(`${cwd}/`, "")
      .replace(assigned, "--input-set"),
  };
}

/** Named in messages about what `--input-set` says. */
const assigned = "/--input-set";

/** A profile whose last overlay is a text that lies nowhere. */
function withAssignments(profile: Profile | undefined, text: string, read: Map<string, SourceFile>): Profile {
  read.set(assigned, bufferFile(assigned, text, 0, "hocon"));
  const { overlays, ...rest } = profile ?? { name: "", overlays: [], env: {}, properties: {} };
  return { ...rest, overlays: [...overlays, assigned] };
}

function refusedFile(path: string): SourceFile {
  return { ...bufferFile(path, "", 0), unreadable: outsideFolders };
}

function sentence(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string {
  const [first] = diagnostics;
  if (first === undefined) return "the document cannot be read";
  const text = files.find((file) => file.path === first.file)?.text ?? "";
  return `${first.file}:${new LineIndex(text).rowCol(first.range.start).row}: ${first.message}`;
}
