// Copies of a store: taken while it is in use, verified whole before they serve again.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { verifyAudit } from "../audit.ts";
import { Blobs, sha256 } from "./blobs.ts";
import { Database } from "./database.ts";

export interface StoreVerdict {
  readonly ok: boolean;
  readonly auditEntries: number;
  readonly blobs: number;
  /** What does not fit, in words; the first twenty. */
  readonly faults: readonly string[];
}

/** A store that cannot be copied or restored, with the reason for the operator. */
export class BackupError extends Error {}

/** After a restore, counters jump so far that no number which a sidecar may have seen comes again. */
const leap = 1_000_000;

/** Checks the audit chain, and that every blob that must be served is there with its digest. */
export function verifyStore(db: Database, blobs: Blobs): StoreVerdict {
  const audit = verifyAudit(db);
  const faults = audit.ok ? [] : [`the audit log is broken at sequence ${audit.brokenAt}`];
  const digests = namedBlobs(db);
  for (const [digest, name] of digests)
    if (blobs.get(digest) === undefined) faults.push(`the blob ${digest} of ${name} is missing or damaged`);
  return { ok: faults.length === 0, auditEntries: audit.entries, blobs: digests.size, faults: faults.slice(0, 20) };
}

/** Blobs of versions and of what addresses serve; bundles replaced since may have lost their bytes. */
function namedBlobs(db: Database): ReadonlyMap<string, string> {
  const files = db.all("SELECT DISTINCT blob, path FROM version_files");
  const served = db.all("SELECT transport, address FROM addresses JOIN builds ON builds.digest = addresses.build");
  return new Map([
    ...files.map((row) => [String(row["blob"]), String(row["path"])] as const),
    ...served.map((row) => [String(row["transport"]), String(row["address"])] as const),
  ]);
}

/**
 * Writes the store of a data folder to a new folder: first the tables in one consistent copy, then what they name.
 * The folder appears under its name only when it is complete.
 */
export function backupStore(data: string, to: string): StoreVerdict {
  if (!existsSync(join(data, "rms.db"))) throw new BackupError(`${data} holds no store`);
  if (existsSync(to)) throw new BackupError(`${to} is there already: name a new folder`);
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const live = new Database(join(data, "rms.db"));
  live.copyTo(join(unfinished, "rms.db"));
  live.close();
  chmodSync(join(unfinished, "rms.db"), 0o600);
  const copy = new Database(join(unfinished, "rms.db"));
  const from = new Blobs(join(data, "blobs"));
  const blobs = new Blobs(join(unfinished, "blobs"));
  for (const digest of [...namedBlobs(copy).keys()].sort()) {
    const bytes = from.get(digest);
    if (bytes !== undefined) blobs.put(bytes);
  }
  copyKeys(data, unfinished);
  const verdict = verifyStore(copy, blobs);
  copy.close();
  if (!verdict.ok) throw new BackupError(`the store is damaged, so ${unfinished} is no backup: ${verdict.faults.join("; ")}`);
  const files = Object.fromEntries(
    ["rms.db", ...readdirSync(join(unfinished, "keys")).map((name) => `keys/${name}`)].map((name) => [
      name,
      sha256(readFileSync(join(unfinished, name))),
    ]),
  );
  writeFileSync(join(unfinished, "backup.json"), `${JSON.stringify({ format: 1, files }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, to);
  return verdict;
}

/** Makes a data folder from a backup, after everything in it was verified. Sequence and serve numbers leap, so that no ETag comes twice. */
export function restoreStore(from: string, data: string): StoreVerdict {
  if (existsSync(data) && readdirSync(data).length > 0)
    throw new BackupError(`${data} is there and not empty: restore into a new folder`);
  checkFiles(from);
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  copyFileSync(join(from, "rms.db"), join(unfinished, "rms.db"));
  copyKeys(from, unfinished);
  const db = new Database(join(unfinished, "rms.db"));
  const source = new Blobs(join(from, "blobs"));
  const blobs = new Blobs(join(unfinished, "blobs"));
  for (const digest of namedBlobs(db).keys()) {
    const bytes = source.get(digest);
    if (bytes !== undefined) blobs.put(bytes);
  }
  const verdict = verifyStore(db, blobs);
  if (verdict.ok) leapAhead(db);
  db.close();
  if (!verdict.ok) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new BackupError(`the backup is damaged; nothing was restored: ${verdict.faults.join("; ")}`);
  }
  mkdirSync(dirname(data), { recursive: true });
  renameSync(unfinished, data);
  return verdict;
}

function leapAhead(db: Database): void {
  db.transaction(() => {
    db.run("UPDATE channels SET seq = seq + ?", leap);
    db.run("UPDATE addresses SET served = served + ?", leap);
    db.run("UPDATE domains SET snapshot = snapshot + ?", leap);
    db.run("UPDATE stamps SET number = number + ?", leap);
  });
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
  if (!existsSync(path)) throw new BackupError(`${from} is no finished backup: it has no backup.json`);
  const { files } = JSON.parse(readFileSync(path, "utf8")) as { files?: Readonly<Record<string, string>> };
  if (files?.["rms.db"] === undefined) throw new BackupError(`${path} does not name rms.db`);
  for (const [name, digest] of Object.entries(files)) {
    if (!/^(?:rms\.db|keys\/[\w.-]+)$/.test(name)) throw new BackupError(`${path} names ${JSON.stringify(name)}`);
    if (!existsSync(join(from, name)) || sha256(readFileSync(join(from, name))) !== digest)
      throw new BackupError(`${name} in the backup is missing or damaged`);
  }
}
