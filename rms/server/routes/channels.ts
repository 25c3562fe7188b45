// Channels: which version a fleet runs. A move is one transaction with the build made before it; sidecars wake at once.
import { currentBuild } from "../builds.ts";
import { conflict, invalid, notFound } from "../http/problem.ts";
import type { Answer, Call, Route } from "../http/router.ts";
import { objectBody, optionalText, textField } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import type { Row } from "../store/database.ts";
import { audit, domainRow, policyPath, policyRow } from "./domains.ts";
import { versionRow } from "./versions.ts";

const channelId = /^[a-z][a-z0-9-]{0,31}$/;

function channelItem(call: Call, row: Row): Readonly<Record<string, unknown>> {
  const { rms, params } = call;
  const build = currentBuild(rms, params["domain"]!, params["policy"]!, String(row["version"]));
  const history = rms.db.all(
    "SELECT * FROM channel_history WHERE domain = ? AND policy = ? AND channel = ? ORDER BY seq DESC LIMIT 200",
    params["domain"]!,
    params["policy"]!,
    String(row["id"]),
  );
  return {
    channel: row["id"],
    version: row["version"],
    dataset: row["dataset"],
    seq: row["seq"],
    digest: build.digest,
    revision: build.revision,
    history: history.map((one) => ({
      seq: one["seq"],
      version: one["version"],
      at: new Date(Number(one["at"]) * 1000).toISOString(),
      actor: one["actor"],
      reason: one["reason"],
    })),
  };
}

function channelRow(call: Call): Row | undefined {
  policyRow(call);
  return call.rms.db.one(
    "SELECT * FROM channels WHERE domain = ? AND policy = ? AND id = ?",
    call.params["domain"]!,
    call.params["policy"]!,
    call.params["channel"]!,
  );
}

function found(call: Call): Row {
  const row = channelRow(call);
  if (row === undefined) throw notFound();
  return row;
}

function withTag(call: Call, row: Row, status = 200): Answer {
  return { status, headers: { ETag: `"${String(row["seq"])}"` }, body: channelItem(call, row) };
}

/** Moves the channel; `from` is the sequence number that the caller saw. */
function move(call: Call, version: string, dataset: string, reason: string, action: string): Answer {
  const { rms, params } = call;
  const [domain, policy, channel] = [params["domain"]!, params["policy"]!, params["channel"]!];
  versionRow(call, version);
  currentBuild(rms, domain, policy, version);
  const created = rms.db.transaction(() => {
    const row = channelRow(call);
    const seq = Number(row?.["seq"] ?? 0) + 1;
    rms.db.run(
      "INSERT INTO channels (domain, policy, id, version, dataset, seq) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (domain, policy, id) DO UPDATE SET version = excluded.version, dataset = excluded.dataset, seq = excluded.seq",
      domain,
      policy,
      channel,
      version,
      dataset,
      seq,
    );
    rms.db.run(
      "INSERT INTO channel_history (domain, policy, channel, seq, version, at, actor, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      domain,
      policy,
      channel,
      seq,
      version,
      seconds(rms.now()),
      call.principal.subject,
      reason,
    );
    audit(call, action, domain, `${domain}/${policy}/${channel}`, reason, { version, seq });
    return row === undefined;
  });
  rms.serving.changed(rms, domain);
  return withTag(call, found(call), created ? 201 : 200);
}

const base = `${policyPath}/channels`;

export const channelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: base,
    scope: "read",
    summary: "The channels of a policy",
    handle: (call) => {
      policyRow(call);
      const rows = call.rms.db.all(
        "SELECT * FROM channels WHERE domain = ? AND policy = ? ORDER BY id",
        call.params["domain"]!,
        call.params["policy"]!,
      );
      return { status: 200, body: { items: rows.map((row) => channelItem(call, row)) } };
    },
  },
  {
    method: "GET",
    path: `${base}/:channel`,
    scope: "read",
    summary: "One channel with its history",
    handle: (call) => withTag(call, found(call)),
  },
  {
    method: "PUT",
    path: `${base}/:channel`,
    scope: "channel:write",
    summary: "Move the channel to a version",
    handle: (call) => {
      const domain = domainRow(call);
      if (domain["state"] !== "active") throw conflict(`The domain is ${String(domain["state"])}; its channels do not move.`);
      if (!channelId.test(call.params["channel"]!))
        throw invalid("A channel's id is a lower-case word such as dev, test or prod.");
      const body = objectBody(call.body, ["version", "dataset", "reason"]);
      return move(
        call,
        textField(body, "version", { max: 64 }),
        optionalText(body, "dataset") ?? "main",
        optionalText(body, "reason") ?? "",
        "channel.move",
      );
    },
  },
  {
    method: "POST",
    path: `${base}/:channel/rollback`,
    scope: "channel:write",
    summary: "Go back to the last different version, or to that of a sequence number",
    handle: (call) => {
      const row = found(call);
      const body = objectBody(call.body ?? {}, ["toSeq", "reason"]);
      const { toSeq } = body;
      const history = call.rms.db.all(
        "SELECT * FROM channel_history WHERE domain = ? AND policy = ? AND channel = ? ORDER BY seq DESC",
        call.params["domain"]!,
        call.params["policy"]!,
        call.params["channel"]!,
      );
      const target =
        toSeq === undefined
          ? history.find((one) => one["version"] !== row["version"])
          : history.find((one) => one["seq"] === toSeq);
      if (target === undefined)
        throw conflict(
          toSeq === undefined ? "The channel never had another version." : `The channel has no sequence ${String(toSeq)}.`,
        );
      return move(
        call,
        String(target["version"]),
        String(row["dataset"]),
        optionalText(body, "reason") ?? "",
        "channel.rollback",
      );
    },
  },
];
