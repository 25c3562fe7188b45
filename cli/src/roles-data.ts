// `data.rms` of a project's roles file, as the editor and `rw samples` have it, for policies that ask for the library.
import { LineIndex } from "#grammars/text/lines.ts";
import { basename, resolve } from "#workspace/paths.ts";
import { rmsDataOf } from "#workspace/rms.ts";
import { diskFile } from "#workspace/source-file.ts";
import type { BaseDocument } from "./data-merge.ts";
import { readDocument } from "./documents.ts";
import { configOf } from "./input.ts";
import type { Io } from "./io.ts";

/** Adds the roles of the projects among the paths; gives the faults of their files. */
export function addRoles(paths: readonly string[], data: BaseDocument, now: bigint, io: Io): readonly string[] {
  const { cwd } = io;
  return paths.flatMap((path): readonly string[] => {
    const folder = resolve(cwd, path);
    if (data.occupied(["rms"]) || io.kind(resolve(folder, "rw.conf")) !== "file") return [];
    const read = configOf(folder, io);
    if ("fault" in read) return [read.fault];
    const { roles, rms } = read.config;
    if (roles === undefined) return [];
    const file = resolve(folder, roles);
    const document = readDocument(file, io);
    if ("fault" in document) return [document.fault];
    const source = diskFile(file, io.readFile(file));
    const { json, diagnostics } = rmsDataOf(source, JSON.parse(document.json), now, rms.domain);
    const fault = json === undefined ? undefined : data.addJson([], json, file);
    const told = diagnostics.map(
      ({ range, message }) => `${basename(file)}:${new LineIndex(source.text).rowCol(range.start).row}: ${message}`,
    );
    return [...told, ...(fault === undefined ? [] : [fault])];
  });
}
