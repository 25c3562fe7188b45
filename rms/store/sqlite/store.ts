// The embedded store: SQLite with one writing and one reading connection, so that no reader sees half of a transaction.
import { type Store, StoreTooNew, type Transaction } from "../store.ts";
import { SqliteActivations } from "./activations.ts";
import { SqliteAudit } from "./audit.ts";
import { SqliteBuilds } from "./builds.ts";
import { SqliteCampaigns } from "./campaigns.ts";
import { SqliteChannels } from "./channels.ts";
import { Connection } from "./connection.ts";
import { SqliteDecisions } from "./decisions.ts";
import { SqliteDomains } from "./domains.ts";
import { SqliteHooks } from "./hooks.ts";
import { SqliteIdempotency } from "./idempotency.ts";
import { SqliteKeys } from "./keys.ts";
import { SqliteOutbox } from "./outbox.ts";
import { SqlitePolicies } from "./policies.ts";
import { SqliteReviews } from "./reviews.ts";
import { SqliteRoles } from "./roles.ts";
import { migrations } from "./schema.ts";
import { SqliteSources } from "./sources.ts";
import { SqliteTexts } from "./texts.ts";
import { SqliteTokens } from "./tokens.ts";
import { SqliteVersions } from "./versions.ts";

function areas(db: Connection): Transaction {
  return {
    domains: new SqliteDomains(db),
    policies: new SqlitePolicies(db),
    versions: new SqliteVersions(db),
    channels: new SqliteChannels(db),
    roles: new SqliteRoles(db),
    sources: new SqliteSources(db),
    reviews: new SqliteReviews(db),
    campaigns: new SqliteCampaigns(db),
    hooks: new SqliteHooks(db),
    texts: new SqliteTexts(db),
    tokens: new SqliteTokens(db),
    keys: new SqliteKeys(db),
    builds: new SqliteBuilds(db),
    audit: new SqliteAudit(db),
    outbox: new SqliteOutbox(db),
    activations: new SqliteActivations(db),
    decisions: new SqliteDecisions(db),
    idempotency: new SqliteIdempotency(db),
  };
}

export interface SqliteOptions {
  /** Begins to move what was committed from the log into the file, elsewhere (`moveLog`); without it a commit does so itself now and then. */
  readonly checkpoint?: () => void;
}

/** Changed rows between two calls of `checkpoint`. */
const rowsOfLog = 1000;
/** Pages of the log (200 MB) from which on a commit moves them itself, should the other way fail or never come to an end. */
const longestLog = 50_000;

/** Opens the file and brings its tables up to date; throws StoreTooNew for a store that a newer release wrote. */
export function openSqliteStore(path: string, { checkpoint }: SqliteOptions = {}): Store {
  const writer = new Connection(path);
  try {
    migrate(writer);
  } catch (error) {
    writer.close();
    throw error;
  }
  if (checkpoint !== undefined) writer.execute(`PRAGMA wal_autocheckpoint = ${longestLog}`);
  const reader = new Connection(path, { readOnly: true });
  const writes = areas(writer);
  let moved = 0;
  const committed = (): void => {
    const rows = writer.one("SELECT total_changes() AS n")?.number("n") ?? 0;
    if (checkpoint === undefined || rows - moved < rowsOfLog) return;
    moved = rows;
    checkpoint();
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...areas(reader),
    transaction: (work) => {
      const done = last.then(() => inTransaction(writer, () => work(writes)));
      last = done.then(committed, () => undefined);
      return done;
    },
    close: async () => {
      await last;
      reader.close();
      writer.close();
    },
  };
}

/** Moves what was committed into the file while others read and write. */
export function moveLog(path: string): void {
  const db = new Connection(path);
  db.execute("PRAGMA wal_checkpoint(PASSIVE)");
  db.close();
}

async function inTransaction<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  db.execute("BEGIN IMMEDIATE");
  try {
    const result = await work();
    db.execute("COMMIT");
    return result;
  } catch (error) {
    db.rollback();
    throw error;
  }
}

function migrate(db: Connection): void {
  db.execute("BEGIN IMMEDIATE");
  try {
    const version = db.one("PRAGMA user_version")?.number("user_version") ?? 0;
    if (version > migrations.length)
      throw new StoreTooNew(
        `the store is of a newer release (schema ${version}; this release knows ${migrations.length}): start that release, or restore a backup`,
      );
    for (const sql of migrations.slice(version)) db.execute(sql);
    db.execute(`PRAGMA user_version = ${migrations.length}`);
    db.execute("COMMIT");
  } catch (error) {
    db.rollback();
    throw error;
  }
}
