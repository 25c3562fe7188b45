// Bundle archives, unpacked with bounds; the last ones stay unpacked while their files are read one by one.
import type { ArchiveFile } from "#bundles/tar.ts";
import { readTar } from "#bundles/tar.ts";
import { namedFiles } from "#features/bundle/contents.ts";
import { maxFileBytes } from "#workspace/source-file.ts";

export type Unpacked = { readonly files: readonly ArchiveFile[] } | { readonly problem: string };

/** An unpacked archive is no bigger than this, and has no more files. */
const mostBytes = 256 * 1024 * 1024;
const mostFiles = 20_000;
/** Archives that stay unpacked: two that are compared. */
const keptArchives = 2;

export class Archives {
  readonly #read: (path: string) => Promise<Uint8Array | undefined>;
  readonly #kept = new Map<string, Promise<Unpacked>>();

  constructor(read: (path: string) => Promise<Uint8Array | undefined>) {
    this.#read = read;
  }

  /** The archive as it is on the disk now. */
  opened(path: string): Promise<Unpacked> {
    this.#kept.delete(path);
    return this.known(path);
  }

  /** The archive as it was when it was opened last. */
  known(path: string): Promise<Unpacked> {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    const unpacked = this.#unpack(path);
    this.#kept.set(path, unpacked);
    for (const [first] of this.#kept) if (this.#kept.size > keptArchives) this.#kept.delete(first);
    return unpacked;
  }

  async #unpack(path: string): Promise<Unpacked> {
    const bytes = await this.#read(path);
    if (bytes === undefined) return { problem: "the file is not there, or cannot be read" };
    if (bytes.length > maxFileBytes) return { problem: `the file is larger than ${maxFileBytes / 1024 / 1024} MB` };
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { problem: "the file is no bundle: bundles are gzipped tar archives" };
    const tar = await inflated(bytes);
    if (!(tar instanceof Uint8Array)) return tar;
    const read = readTar(tar);
    if ("fault" in read) return { problem: read.fault };
    if (read.files.length > mostFiles) return { problem: `the archive holds more than ${mostFiles} files` };
    return { files: namedFiles(read.files) };
  }
}

async function inflated(bytes: Uint8Array): Promise<Uint8Array | { readonly problem: string }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > mostBytes) {
        await reader.cancel();
        return { problem: `unpacked, the archive is larger than ${mostBytes / 1024 / 1024} MB` };
      }
      parts.push(part.value);
    }
  } catch (error) {
    return { problem: `the archive cannot be unpacked: ${error instanceof Error ? error.message : String(error)}` };
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
