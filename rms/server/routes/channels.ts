// Channels: which version a fleet runs. A move is one transaction with the build made before it; sidecars wake at once.
import type { Channel } from "../../store/channels.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { currentBuild } from "../builds.ts";
import { conflict, invalid, notFound, Problem } from "../http/problem.ts";
import { type Answer, type Call, matchesTag, param, type Route } from "../http/router.ts";
import { objectBody, optionalText, textField } from "../http/shape.ts";
import { seconds } from "../rms.ts";
import { audit, foundDomain, foundPolicy, policyPath } from "./domains.ts";
import { foundVersion } from "./versions.ts";

const channelId = /^[a-z][a-z0-9-]{0,31}$/;
const shownMoves = 200;

async function channelItem({ rms }: Call, channel: Channel): Promise<Readonly<Record<string, unknown>>> {
  const { domain, policy, id, version, dataset, seq } = channel;
  const build = await currentBuild(rms, domain, policy, version);
  const history = await rms.store.channels.history(domain, policy, id, { limit: shownMoves });
  return {
    channel: id,
    version,
    dataset,
    seq,
    digest: build.digest,
    revision: build.revision,
    history: history.map(({ at, ...move }) => ({ ...move, at: new Date(at * 1000).toISOString() })),
  };
}

async function channelAt(call: Call, reads: Reads = call.rms.store): Promise<Channel | undefined> {
  const { domain, id } = await foundPolicy(call, reads);
  return reads.channels.get(domain, id, param(call, "channel"));
}

async function foundChannel(call: Call, reads: Reads = call.rms.store): Promise<Channel> {
  const channel = await channelAt(call, reads);
  if (channel === undefined) throw notFound();
  return channel;
}

async function withTag(call: Call, channel: Channel, status = 200): Promise<Answer> {
  return { status, headers: { ETag: tagOf(channel) }, body: await channelItem(call, channel) };
}

/** What is not there has the tag `"0"`, so that a first move can be conditional as well. */
const tagOf = (channel: Channel | undefined): string => `"${channel?.seq ?? 0}"`;

interface Target {
  readonly version: string;
  readonly dataset: string;
  readonly reason: string;
  readonly action: "channel.move" | "channel.rollback";
}

/** Moves the channel where `choose` says, in the transaction that looks at its state. The build precedes the move. */
async function move(call: Call, choose: (reads: Reads) => Promise<Target>): Promise<Answer> {
  const { rms } = call;
  const [domain, policy, id] = [param(call, "domain"), param(call, "policy"), param(call, "channel")];
  const { version: first } = await choose(rms.store);
  const { state } = await foundVersion(call, first);
  if (state !== "published") throw conflict(`The version ${first} is ${state.replace("_", " ")}; no channel moves to it.`);
  await currentBuild(rms, domain, policy, first);
  const { channel, created } = await rms.store.transaction(async (tx) => {
    const before = await channelAt(call, tx);
    demandTag(call, before);
    const { version, dataset, reason, action } = await choose(tx);
    if (version !== first) throw conflict("The channel was moved meanwhile; look again.");
    const moved = { domain, policy, id, version, dataset, seq: (before?.seq ?? 0) + 1 };
    await record(tx, call, moved, reason, action);
    return { channel: moved, created: before === undefined };
  });
  rms.serving.changed(rms, domain);
  return withTag(call, channel, created ? 201 : 200);
}

/** The router looks at `If-Match` first; here no other move can come between. */
function demandTag({ headers }: Call, channel: Channel | undefined): void {
  const wanted = headers["if-match"];
  if (wanted === undefined || matchesTag(wanted, channel === undefined ? undefined : tagOf(channel))) return;
  throw new Problem(412, "stale", "The channel has moved", "It is not where If-Match says; look again before moving it.");
}

async function record(tx: Transaction, call: Call, channel: Channel, reason: string, action: Target["action"]): Promise<void> {
  const { domain, policy, id, version, seq } = channel;
  await tx.channels.move(channel, { at: seconds(call.rms.now()), actor: call.principal.subject, reason });
  await audit(tx, call, action, domain, `${domain}/${policy}/${id}`, reason, { version, seq });
}

function put(call: Call): Promise<Answer> {
  return move(call, async (reads) => {
    const { state } = await foundDomain(call, reads);
    if (state !== "active") throw conflict(`The domain is ${state}; its channels do not move.`);
    if (!channelId.test(param(call, "channel"))) throw invalid("A channel's id is a lower-case word such as dev, test or prod.");
    const body = objectBody(call.body, ["version", "dataset", "reason"]);
    return {
      version: textField(body, "version", { max: 64 }),
      dataset: optionalText(body, "dataset") ?? "main",
      reason: optionalText(body, "reason") ?? "",
      action: "channel.move",
    };
  });
}

function rollback(call: Call): Promise<Answer> {
  return move(call, async (reads) => {
    const channel = await foundChannel(call, reads);
    const body = objectBody(call.body ?? {}, ["toSeq", "reason"]);
    const { toSeq } = body;
    const history = await reads.channels.history(channel.domain, channel.policy, channel.id);
    const target = history.find((one) => (toSeq === undefined ? one.version !== channel.version : one.seq === toSeq));
    if (target === undefined)
      throw conflict(
        toSeq === undefined ? "The channel never had another version." : `The channel has no sequence ${String(toSeq)}.`,
      );
    return {
      version: target.version,
      dataset: channel.dataset,
      reason: optionalText(body, "reason") ?? "",
      action: "channel.rollback",
    };
  });
}

const base = `${policyPath}/channels`;

export const channelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: base,
    scope: "read",
    summary: "The channels of a policy",
    handle: async (call) => {
      const { domain, id } = await foundPolicy(call);
      const channels = await call.rms.store.channels.list(domain, id);
      return { status: 200, body: { items: await Promise.all(channels.map((channel) => channelItem(call, channel))) } };
    },
  },
  {
    method: "GET",
    path: `${base}/:channel`,
    scope: "read",
    summary: "One channel with its history",
    handle: async (call) => withTag(call, await foundChannel(call)),
  },
  { method: "PUT", path: `${base}/:channel`, scope: "channel:write", summary: "Move the channel to a version", handle: put },
  {
    method: "POST",
    path: `${base}/:channel/rollback`,
    scope: "channel:write",
    summary: "Go back to the last different version, or to that of a sequence number",
    handle: rollback,
  },
];
