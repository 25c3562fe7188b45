// Bundle archives, unpacked with bounds; the last ones stay unpacked while their files are read one by one.
import type { ArchiveFile } from "#bundles/tar.ts";
import { readTar } from "#bundles/tar.ts";
import { namedFiles } from "#features/bundle/contents.ts";
import { maxFileBytes } from "#workspace/source-file.ts";
import { inflated, isPacked } from "./inflated.ts";

export type Unpacked = { readonly files: readonly ArchiveFile[] } | { readonly problem: string };

/** An archive has no more files. */
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
    if (!isPacked(bytes)) return { problem: "the file is no bundle: bundles are gzipped tar archives" };
    const tar = await inflated(bytes);
    if (!(tar instanceof Uint8Array)) return tar;
    const read = readTar(tar);
    if ("fault" in read) return { problem: read.fault };
    if (read.files.length > mostFiles) return { problem: `the archive holds more than ${mostFiles} files` };
    return { files: namedFiles(read.files) };
  }
}
