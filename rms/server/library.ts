// The common Rego of every bundle: the files of rms/policies, from the sources or embedded by the build.
import { rmsLibrary } from "../policies/library.generated.ts";
import { sha256 } from "../store/blobs.ts";

export interface Library {
  readonly version: string;
  readonly files: readonly LibraryFile[];
}

export interface LibraryFile {
  readonly path: string;
  readonly text: string;
}

/** The files as a library; its version is a digest of their texts until it is released on its own. */
export function libraryOf(files: Library["files"]): Library {
  return { version: sha256(files.map(({ path, text }) => `${path}\n${text}`).join("\n")).slice(0, 12), files };
}

export const library: Library = libraryOf(rmsLibrary.map(({ name, text }) => ({ path: name, text })));
