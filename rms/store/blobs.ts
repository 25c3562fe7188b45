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
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { breath } from "./breath.ts";

export function sha256(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}

/** Files that are written at once. */
const parallel = 8;
/** Blobs that are looked for between two breaths. */
const stretch = 100;

/** Does the work for every item, some at a time; rejects with the first failure when what has begun is done. */
async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  let failure: { readonly error: unknown } | undefined;
  const one = async (): Promise<void> => {
    for (const item of left) {
      if (failure !== undefined) return;
      await work(item).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
  if (failure !== undefined) throw failure.error;
}

function syncFolder(path: string): void {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
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
    if (this.isThere(digest)) return digest;
    const path = this.path(digest);
    const folder = dirname(path);
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(folder));
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
    syncFolder(folder);
    return digest;
  }

  /** The same for many at once, away from the thread that answers requests: the disk is asked for all of them together. */
  async putAll(all: readonly Uint8Array[]): Promise<void> {
    const missing = new Map<string, Uint8Array>();
    for (const [index, bytes] of all.entries()) {
      if (index % stretch === stretch - 1) await breath();
      const digest = sha256(bytes);
      if (!this.isThere(digest)) missing.set(digest, bytes);
    }
    const root = join(this.folder, "sha256");
    const folders = new Set<string>();
    await inParallel([...missing], async ([digest, bytes]) => {
      const path = this.path(digest);
      const folder = dirname(path);
      if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) folders.add(root);
      const temporary = join(folder, `.${randomUUID()}`);
      try {
        await writeFile(temporary, bytes, { flag: "wx", mode: 0o600, flush: true });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      folders.add(folder);
    });
    await inParallel([...folders], async (folder) => {
      const directory = await open(folder, "r");
      await directory.sync().finally(() => directory.close());
    });
  }

  /** True for a blob that need not be written: what is there and damaged is written anew, and what is sound counts as new. */
  private isThere(digest: string): boolean {
    if (this.get(digest) === undefined) return false;
    // The row that names it is yet to be written.
    const now = new Date();
    utimesSync(this.path(digest), now, now);
    return true;
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
