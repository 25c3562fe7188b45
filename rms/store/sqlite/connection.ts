// One SQLite connection: settings, compiled statements, and rows read by column.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

type Row = Readonly<Record<string, SQLInputValue>>;

export class Connection {
  private readonly sqlite: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readonly readOnly?: boolean } = {}) {
    this.sqlite = new DatabaseSync(path, { readOnly: options.readOnly === true });
    this.sqlite.exec("PRAGMA busy_timeout = 5000;");
    if (options.readOnly !== true)
      // 32 MB of pages: less, and a large transaction writes the same ones into its log again and again.
      this.sqlite.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;",
      );
  }

  /** Runs a script of fixed statements. */
  execute(sql: string): void {
    this.sqlite.exec(sql);
  }

  /** Gives the number of rows that changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...values).changes);
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Columns | undefined {
    const row = this.prepared(sql).get(...values) as Row | undefined;
    return row === undefined ? undefined : new Columns(row);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Columns[] {
    return (this.prepared(sql).all(...values) as Row[]).map((row) => new Columns(row));
  }

  /** Tells of row after row, where all at once would be too many. */
  each(sql: string, tell: (row: Columns) => void, ...values: readonly SQLInputValue[]): void {
    for (const row of this.prepared(sql).iterate(...values)) tell(new Columns(row as Row));
  }

  /** Several reads of one moment. */
  moment<T>(read: () => T): T {
    if (this.sqlite.isTransaction) return read();
    this.sqlite.exec("BEGIN");
    try {
      return read();
    } finally {
      this.sqlite.exec("COMMIT");
    }
  }

  /** Ends an open transaction without its changes; SQLite itself may have done so when the disk was full. */
  rollback(): void {
    if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
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

/** The columns of a row, each as the type that its table gives it. */
export class Columns {
  private readonly row: Row;

  constructor(row: Row) {
    this.row = row;
  }

  text(name: string): string {
    return String(this.row[name]);
  }

  number(name: string): number {
    return Number(this.row[name]);
  }

  optionalText(name: string): string | undefined {
    return this.row[name] === null ? undefined : this.text(name);
  }

  optionalNumber(name: string): number | undefined {
    return this.row[name] === null ? undefined : this.number(name);
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T;
  }
}

/** The largest page that SQLite is asked for when the caller wants all. */
export const all = -1;
