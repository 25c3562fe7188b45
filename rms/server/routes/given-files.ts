// The files that a version is to have, as a request brings them.
import { byUtf8 } from "#bundles/canonical-json.ts";
import { fitsArchive } from "#bundles/tar.ts";
import { invalid, type Problem } from "../http/problem.ts";
import { bodyOf } from "../http/shape.ts";

const maxFiles = 2000;

/** Checks names and texts; gives them in the order of their names. */
export function readFiles(value: unknown): readonly { readonly path: string; readonly text: string }[] {
  const files = Object.entries(bodyOf({ body: value })).map(([path, text]) => {
    if (typeof text !== "string") throw badFile(path, "must be a text");
    return { path, text };
  });
  if (files.length === 0) throw invalid("A version needs at least one file.");
  if (files.length > maxFiles) throw invalid(`A version may have ${maxFiles} files.`);
  const folded = new Map<string, string>();
  for (const { path } of files) {
    if (!isRelative(path)) throw badFile(path, "is no relative path that a version can hold");
    if (/^rms\/.*\.rego$/i.test(path)) throw badFile(path, "is in the folder rms/, which is the library's: name yours otherwise");
    const key = path.normalize("NFC").toLowerCase();
    const twin = folded.get(key);
    if (twin !== undefined) throw badFile(path, `differs from ${JSON.stringify(twin)} only in letter case`);
    folded.set(key, path);
  }
  return files.sort((a, b) => byUtf8(a.path, b.path));
}

function isRelative(path: string): boolean {
  const parts = path.split("/");
  if (path.length > 250 || /[\u0000-\u001f\\]/.test(path)) return false;
  return parts.every((part) => part !== "" && part !== "." && part !== "..") && fitsArchive(path);
}

const badFile = (file: string, message: string): Problem =>
  invalid(`${JSON.stringify(file)} ${message}.`, [{ file, row: 1, col: 1, code: "rms_path", message }]);
