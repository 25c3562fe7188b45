// Which files a HOCON include may read on the command line: those below the allowed folders, symbolic links resolved.
import { resolve } from "node:path";
import { type Location, outsideFolders, pathOfFileUrl, withoutClassPath } from "#analysis/hocon/include.ts";
import type { IncludePort } from "#analysis/hocon/resolve.ts";
import { parseHocon } from "#grammars/hocon/parse.ts";
import { decodeUtf8 } from "#grammars/hocon/utf8.ts";
import type { Io } from "./io.ts";

export interface IncludeFolders {
  /** Folders that may be read; relative ones count from the working directory. */
  readonly roots: readonly string[];
  /** Folders of class path includes, which may be read too. */
  readonly classpath: readonly string[];
}

/** Reads includes below the allowed folders; a file elsewhere is refused with the flag that would allow it. */
export function includePort(io: Io, { roots, classpath }: IncludeFolders): IncludePort {
  const folders = classpath.map((path) => resolve(io.cwd, path));
  const allowed = [...roots.map((path) => resolve(io.cwd, path)), ...folders].map((path) => io.realPath(path));
  return (location, request) => {
    if (location.kind === "url" && !location.url.startsWith("file:"))
      return { kind: "refused", reason: "includes from the network are off" };
    if (location.kind === "classpath" && folders.length === 0) return withoutClassPath(request, "with --classpath");
    for (const path of pathsOf(location, io.cwd, folders)) {
      if (io.kind(path) !== "file") continue;
      const real = io.realPath(path);
      if (!allowed.some((root) => real.startsWith(root === "/" ? root : `${root}/`)))
        return { kind: "refused", reason: `${outsideFolders} (--root)` };
      const { text, malformedLine } = decodeUtf8(io.readFile(path));
      if (malformedLine !== undefined) return { kind: "refused", reason: `its line ${malformedLine} is not UTF-8 text` };
      return { kind: "parsed", parsed: parseHocon(text, { file: shownPath(path, io.cwd), syntax: request.syntax }) };
    }
    return { kind: "missing" };
  };
}

function pathsOf(location: Location, cwd: string, classpath: readonly string[]): readonly string[] {
  switch (location.kind) {
    case "file":
    case "working":
      return [resolve(cwd, location.path)];
    case "classpath":
      return classpath.map((folder) => resolve(folder, location.path));
    case "url":
      return [resolve(pathOfFileUrl(location.url))];
  }
}

/** A path below the working directory without it. */
export function shownPath(path: string, cwd: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}
