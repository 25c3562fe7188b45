// Channels and their history in SQLite. A trigger on the history writes the outbox.
import type { Channel, ChannelWrites, Move } from "../channels.ts";
import type { Page } from "../page.ts";
import { all, type Columns, type Connection } from "./connection.ts";

export class SqliteChannels implements ChannelWrites {
  private readonly db: Connection;

  constructor(db: Connection) {
    this.db = db;
  }

  async get(domain: string, policy: string, id: string): Promise<Channel | undefined> {
    const row = this.db.one("SELECT * FROM channels WHERE domain = ? AND policy = ? AND id = ?", domain, policy, id);
    return row === undefined ? undefined : channelOf(row);
  }

  async list(domain: string, policy: string, page?: Page<string>): Promise<readonly Channel[]> {
    return this.db
      .all(
        "SELECT * FROM channels WHERE domain = ? AND policy = ? AND id > ? ORDER BY id LIMIT ?",
        domain,
        policy,
        page?.after ?? "",
        page?.limit ?? all,
      )
      .map(channelOf);
  }

  async all(domain?: string): Promise<readonly Channel[]> {
    const rows =
      domain === undefined
        ? this.db.all("SELECT * FROM channels ORDER BY domain, policy, id")
        : this.db.all("SELECT * FROM channels WHERE domain = ? ORDER BY policy, id", domain);
    return rows.map(channelOf);
  }

  async history(domain: string, policy: string, id: string, page?: Page<number>): Promise<readonly Move[]> {
    return this.db
      .all(
        "SELECT * FROM channel_history WHERE domain = ? AND policy = ? AND channel = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
        domain,
        policy,
        id,
        page?.after ?? Number.MAX_SAFE_INTEGER,
        page?.limit ?? all,
      )
      .map(moveOf);
  }

  async move(
    { domain, policy, id, version, dataset, seq, pin }: Channel,
    { at, actor, reason }: Omit<Move, "seq" | "version">,
  ): Promise<void> {
    this.db.run(
      "INSERT INTO channels (domain, policy, id, version, dataset, seq, pin_build, pin_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (domain, policy, id) DO UPDATE SET version = excluded.version, dataset = excluded.dataset, seq = excluded.seq, pin_build = excluded.pin_build, pin_until = excluded.pin_until",
      domain,
      policy,
      id,
      version,
      dataset,
      seq,
      pin?.build ?? null,
      pin?.until ?? null,
    );
    this.db.run(
      "INSERT INTO channel_history (domain, policy, channel, seq, version, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      domain,
      policy,
      id,
      seq,
      version,
      at,
      actor,
      reason,
    );
  }
}

function channelOf(row: Columns): Channel {
  const build = row.optionalText("pin_build");
  return {
    domain: row.text("domain"),
    policy: row.text("policy"),
    id: row.text("id"),
    version: row.text("version"),
    dataset: row.text("dataset"),
    seq: row.number("seq"),
    ...(build === undefined ? {} : { pin: { build, until: row.optionalNumber("pin_until") } }),
  };
}

function moveOf(row: Columns): Move {
  return {
    seq: row.number("seq"),
    version: row.text("version"),
    at: row.number("at"),
    actor: row.text("actor"),
    reason: row.text("reason"),
  };
}
