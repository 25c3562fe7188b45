// The library that rules in Rego ask, as files; nothing is there on any disk.
import { regalLibrary } from "#lint/library.generated.ts";
import { libraryFolder } from "./rms.ts";
import { bufferFile, type SourceFile } from "./source-file.ts";

/** The same objects for every project. */
export const ruleLibraryFiles: readonly SourceFile[] = regalLibrary.map(({ name, text }) =>
  bufferFile(`${libraryFolder}/${name}`, text, 0, "rego"),
);
