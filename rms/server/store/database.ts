// SQLite with one writer: opening, migrating, and transactions.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { migrations } from "./schema.ts";

export type Row = Readonly<Record<string, SQLInputValue>>;

export class Database {
  private readonly sqlite: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private depth = 0;

  /** Opens the file and brings its tables up to date; refuses a store that a newer release wrote. */
  constructor(path: string) {
    this.sqlite = new DatabaseSync(path);
    this.sqlite.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;",
    );
    const version = Number(this.one("PRAGMA user_version")?.["user_version"] ?? 0);
    if (version > migrations.length) {
      throw new StoreTooNew(
        `the store is of a newer release (schema ${version}; this release knows ${migrations.length}): start that release, or restore a backup`,
      );
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      this.transaction(() => {
        this.sqlite.exec(sql);
        this.sqlite.exec(`PRAGMA user_version = ${index + 1}`);
      });
    }
  }

  /** Runs `work` in one transaction; inner calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.sqlite.exec("BEGIN IMMEDIATE");
    this.depth++;
    try {
      const result = work();
      this.sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      this.sqlite.exec("ROLLBACK");
      throw error;
    } finally {
      this.depth--;
    }
  }

  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...values).changes);
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.prepared(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.prepared(sql).all(...values) as readonly Row[];
  }

  /** Writes a consistent copy of the whole store to a new file, while others read and write. */
  copyTo(path: string): void {
    this.prepared("VACUUM INTO ?").run(path);
  }

  /** Statements are few and fixed, so each is compiled once. */
  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const made = this.sqlite.prepare(sql);
    this.statements.set(sql, made);
    return made;
  }

  close(): void {
    this.statements.clear();
    this.sqlite.close();
  }
}

export class StoreTooNew extends Error {}
