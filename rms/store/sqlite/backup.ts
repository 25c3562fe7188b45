// Copies of a store: taken while it is in use, verified whole before they serve again.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Blobs, sha256 } from "../blobs.ts";
import { makeFolder } from "../make-folder.ts";
import type { Store } from "../store.ts";
import { namedBlobs, type StoreVerdict, verifyStore } from "../verify.ts";
import { Connection } from "./connection.ts";
import { openSqliteStore } from "./store.ts";

/** A store that cannot be copied or restored, with the reason for the operator. */
export class BackupError extends Error {}

/** After a restore, counters jump so far that no number which a sidecar may have seen comes again. */
const leap = 1_000_000;

/**
 * Writes the store of a data folder to a new folder: first the tables in one consistent copy, then what they name.
 * The folder appears under its name only when it is complete.
 */
export async function backupStore(data: string, to: string): Promise<StoreVerdict> {
  if (!existsSync(join(data, "rms.db"))) throw new BackupError(`${data} holds no store`);
  if (existsSync(to)) throw new BackupError(`${to} is there already: name a new folder`);
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  makeFolder(unfinished, 0o700);
  try {
    const verdict = await copyStore(data, unfinished);
    renameSync(unfinished, to);
    return verdict;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function copyStore(data: string, to: string): Promise<StoreVerdict> {
  const live = new Connection(join(data, "rms.db"));
  try {
    live.run("VACUUM INTO ?", join(to, "rms.db"));
  } finally {
    live.close();
  }
  chmodSync(join(to, "rms.db"), 0o600);
  const copy = openSqliteStore(join(to, "rms.db"));
  const from = new Blobs(join(data, "blobs"));
  const blobs = new Blobs(join(to, "blobs"));
  for (const digest of [...(await namedBlobs(copy)).keys()].sort()) {
    const bytes = from.get(digest);
    if (bytes !== undefined) blobs.put(bytes);
  }
  copyKeys(data, to);
  const verdict = await verifyStore(copy, blobs);
  await copy.close();
  if (!verdict.ok) throw new BackupError(`the store is damaged; no backup was made: ${verdict.faults.join("; ")}`);
  const files = Object.fromEntries(
    ["rms.db", ...readdirSync(join(to, "keys")).map((name) => `keys/${name}`)].map((name) => [
      name,
      sha256(readFileSync(join(to, name))),
    ]),
  );
  writeFileSync(join(to, "backup.json"), `${JSON.stringify({ format: 1, files }, undefined, 2)}\n`, { mode: 0o600 });
  return verdict;
}

export function isBackup(folder: string): boolean {
  return existsSync(join(folder, "backup.json"));
}

/** Reads a backup through a copy of its tables: opening a store writes to its file, and restore refuses a file that was written to. */
export async function readBackup<T>(from: string, read: (store: Store) => Promise<T>): Promise<T> {
  checkFiles(from);
  const folder = mkdtempSync(join(tmpdir(), "rms-backup-"));
  try {
    copyFileSync(join(from, "rms.db"), join(folder, "rms.db"));
    const store = openSqliteStore(join(folder, "rms.db"));
    try {
      return await read(store);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a data folder from a backup, after everything in it was verified. Sequence and serve numbers leap, so that no ETag comes twice. */
export async function restoreStore(from: string, data: string): Promise<StoreVerdict> {
  if (existsSync(data) && readdirSync(data).length > 0)
    throw new BackupError(`${data} is there and not empty: restore into a new folder`);
  checkFiles(from);
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  makeFolder(unfinished, 0o700);
  copyFileSync(join(from, "rms.db"), join(unfinished, "rms.db"));
  copyKeys(from, unfinished);
  const store = openSqliteStore(join(unfinished, "rms.db"));
  const source = new Blobs(join(from, "blobs"));
  const blobs = new Blobs(join(unfinished, "blobs"));
  for (const digest of (await namedBlobs(store)).keys()) {
    const bytes = source.get(digest);
    if (bytes !== undefined) blobs.put(bytes);
  }
  const verdict = await verifyStore(store, blobs);
  await store.close();
  if (verdict.ok) leapAhead(join(unfinished, "rms.db"));
  if (!verdict.ok) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new BackupError(`the backup is damaged; nothing was restored: ${verdict.faults.join("; ")}`);
  }
  makeFolder(dirname(data));
  renameSync(unfinished, data);
  return verdict;
}

function leapAhead(path: string): void {
  const db = new Connection(path);
  db.execute(`
    BEGIN;
    UPDATE channels SET seq = seq + ${leap};
    UPDATE addresses SET served = served + ${leap};
    INSERT INTO snapshots SELECT domain, number + ${leap}, recorded_at + 1, snapshots.include_members
      FROM snapshots JOIN domains ON domain = id AND number = snapshot;
    UPDATE domains SET snapshot = snapshot + ${leap};
    UPDATE stamps SET number = number + ${leap};
    COMMIT;
  `);
  db.close();
}

function copyKeys(from: string, to: string): void {
  mkdirSync(join(to, "keys"), { mode: 0o700 });
  for (const name of readdirSync(join(from, "keys"))) {
    copyFileSync(join(from, "keys", name), join(to, "keys", name));
    chmodSync(join(to, "keys", name), 0o600);
  }
}

function checkFiles(from: string): void {
  const path = join(from, "backup.json");
  if (!isBackup(from)) throw new BackupError(`${from} is no finished backup: it has no backup.json`);
  const { files } = JSON.parse(readFileSync(path, "utf8")) as { files?: Readonly<Record<string, string>> };
  if (files?.["rms.db"] === undefined) throw new BackupError(`${path} does not name rms.db`);
  for (const [name, digest] of Object.entries(files)) {
    if (!/^(?:rms\.db|keys\/[\w.-]+)$/.test(name)) throw new BackupError(`${path} names ${JSON.stringify(name)}`);
    if (!existsSync(join(from, name)) || sha256(readFileSync(join(from, name))) !== digest)
      throw new BackupError(`${name} in the backup is missing or damaged`);
  }
}
