// One version of one file: immutable, so that what phases computed about it can be kept under the object itself.
import { basename, extension } from "./paths.ts";

export type FileKind = "rego" | "hocon" | "json" | "yaml" | "other";

export interface SourceFile {
  readonly path: string;
  readonly kind: FileKind;
  /** The content without a byte order mark; for broken bytes the replacement character stands in. */
  readonly text: string;
  /** The version that an editor counts; undefined for content of the disk. */
  readonly version: number | undefined;
  /** Why the bytes are not a text, where they are not. */
  readonly unreadable: string | undefined;
}

/** Files above this size are not analysed; the reader is told so. */
export const maxFileBytes = 64 * 1024 * 1024;

/** What a path holds, by its name. */
export function kindOf(path: string): FileKind {
  switch (extension(path)) {
    case "rego":
      return "rego";
    case "conf":
    case "hocon":
      return "hocon";
    case "json":
      return "json";
    case "yaml":
    case "yml":
      return "yaml";
    default:
      return basename(path) === ".manifest" ? "json" : "other";
  }
}

/** A file as an editor holds it. */
export function bufferFile(path: string, text: string, version: number, kind: FileKind = kindOf(path)): SourceFile {
  return { path, kind, text, version, unreadable: undefined };
}

/** A file as the disk holds it. */
export function diskFile(path: string, bytes: Uint8Array): SourceFile {
  const base = { path, kind: kindOf(path), version: undefined };
  if (bytes.length > maxFileBytes) {
    return { ...base, text: "", unreadable: `the file is larger than ${maxFileBytes / 1024 / 1024} MB and was not read` };
  }
  try {
    return { ...base, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), unreadable: undefined };
  } catch {
    const text = new TextDecoder("utf-8").decode(bytes);
    const line = text.slice(0, text.indexOf("\uFFFD")).split("\n").length;
    return { ...base, text, unreadable: `line ${line} is not UTF-8 text: save the file as UTF-8` };
  }
}
