// Content-addressed files: a blob is on the disk, whole, before any row names it.
import { hash, randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export function sha256(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}

export class Blobs {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(join(folder, "sha256"), { recursive: true, mode: 0o700 });
  }

  private path(digest: string): string {
    return join(this.folder, "sha256", digest.slice(0, 2), digest.slice(2));
  }

  /** Writes the bytes if they are not there: temporary file, sync, rename, sync of the folder. */
  put(bytes: Uint8Array): string {
    const digest = sha256(bytes);
    const path = this.path(digest);
    // What is there and damaged is written anew.
    if (this.get(digest) !== undefined) {
      // It counts as new: the row that names it is yet to be written.
      const now = new Date();
      utimesSync(path, now, now);
      return digest;
    }
    const folder = join(this.folder, "sha256", digest.slice(0, 2));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.${randomUUID()}`);
    const file = openSync(temporary, "wx", 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    const directory = openSync(folder, "r");
    fsyncSync(directory);
    closeSync(directory);
    return digest;
  }

  /** The bytes, checked against their digest; undefined when they are missing or damaged. */
  get(digest: string): Uint8Array | undefined {
    const path = this.path(digest);
    if (!existsSync(path)) return undefined;
    const bytes = readFileSync(path);
    return sha256(bytes) === digest ? bytes : undefined;
  }

  /** Throws the system's error when blobs cannot be written. */
  check(): void {
    accessSync(join(this.folder, "sha256"), constants.R_OK | constants.W_OK);
  }

  /** True when there is a file of that name; it may be damaged. */
  has(digest: string): boolean {
    return existsSync(this.path(digest));
  }

  /** Files written before that time (milliseconds since 1970): blobs by their digests, and what writers left that were killed. */
  *olderThan(time: number): Generator<string> {
    const root = join(this.folder, "sha256");
    for (const start of readdirSync(root)) {
      for (const rest of readdirSync(join(root, start))) {
        const file = statSync(join(root, start, rest), { throwIfNoEntry: false });
        if (file !== undefined && file.mtimeMs < time) yield start + rest;
      }
    }
  }

  /** Forgets a blob that no row needs any more. */
  remove(digest: string): void {
    rmSync(this.path(digest), { force: true });
  }
}
