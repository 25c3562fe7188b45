// Reads one JSON, YAML or HOCON document as JSON text, digits kept; a fault is one sentence with file and line.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { readDocument as readJsonOrYaml } from "#workspace/documents.ts";
import { resolveFile } from "#workspace/hocon.ts";
import { resolve } from "#workspace/paths.ts";
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
  const root = resolve(io.cwd.replaceAll("\\", "/"), ".");
  const read = new Map<string, SourceFile>([[file.path, file]]);
  const find = (path: string): SourceFile | undefined => {
    const known = read.get(path);
    if (known !== undefined) return known;
    if (io.kind(path) !== "file") return undefined;
    const found = diskFile(path, io.readFile(path));
    read.set(path, found);
    return found;
  };
  const main = { ...file, path: resolve(root, file.path) };
  read.set(main.path, main);
  const { json, diagnostics } = resolveFile(main, { root, find, profile: undefined });
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (json !== undefined && errors.length === 0) return { json };
  return { fault: sentence(errors.length > 0 ? errors : diagnostics, [...read.values()]).replace(`${root}/`, "") };
}

function sentence(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string {
  const [first] = diagnostics;
  if (first === undefined) return "the document cannot be read";
  const text = files.find((file) => file.path === first.file)?.text ?? "";
  return `${first.file}:${new LineIndex(text).rowCol(first.range.start).row}: ${first.message}`;
}
