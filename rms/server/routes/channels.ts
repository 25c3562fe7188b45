// Channels: which version a fleet runs. A move is one transaction with the build made before it; sidecars wake at once.
import type { BuildRecord } from "../../store/builds.ts";
import type { Channel, Pin } from "../../store/channels.ts";
import type { Reads, Transaction } from "../../store/store.ts";
import { type Build, currentBuild, pinnedBuild, pinOf } from "../builds.ts";
import { storedGateSettings } from "../gate-settings.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/paging.ts";
import { conflict, invalid, notFound } from "../http/problem.ts";
import { type Call, param, type Route } from "../http/route.ts";
import { bodyOf, optionalNumber, optionalText, textField } from "../http/shape.ts";
import { isDryRun, write } from "../http/write.ts";
import { micros, seconds, timeText } from "../times.ts";
import { audit, foundDomain, foundPolicy, livingDomain, policyPath } from "./domains.ts";
import { auditedImpact, demandConsent, type ImpactVerdict } from "./impact-gate.ts";

const channelId = /^[a-z][a-z0-9-]{0,31}$/;
const shownMoves = 200;

/** What the channel serves: the build that it is pinned to, or that of now. */
async function servedBy({ rms }: Call, channel: Channel): Promise<Build> {
  const pinned = await pinnedBuild(rms, channel);
  return pinned ?? currentBuild(rms, channel.domain, channel.policy, channel.version);
}

async function channelItem(
  { rms }: Call,
  reads: Reads,
  channel: Channel,
  build: Pick<Build, "digest" | "revision">,
): Promise<Readonly<Record<string, unknown>>> {
  const { domain, policy, id, version, dataset, seq } = channel;
  const history = await reads.channels.history(domain, policy, id, { limit: shownMoves });
  const pin = pinOf(rms, channel);
  const pinned = pin === undefined ? undefined : await reads.builds.get(pin.build);
  return {
    channel: id,
    version,
    dataset,
    seq,
    digest: build.digest,
    revision: build.revision,
    history: history.map(({ at, ...move }) => ({ ...move, at: timeText(at) })),
    ...(pin === undefined || pinned === undefined
      ? {}
      : {
          pinned: {
            snapshot: pinned.snapshot,
            freshUntil: timeText(pinned.freshUntil),
            ...(pin.until === undefined ? {} : { until: timeText(pin.until) }),
          },
        }),
  };
}

async function channelAt(call: Call, reads: Reads): Promise<Channel | undefined> {
  const { domain, id } = await foundPolicy(call, reads);
  return reads.channels.get(domain, id, param(call, "channel"));
}

async function foundChannel(call: Call, reads: Reads): Promise<Channel> {
  const channel = await channelAt(call, reads);
  if (channel === undefined) throw notFound();
  return channel;
}

const tagOf = ({ seq }: Channel): string => `"${seq}"`;

interface Target {
  readonly version: string;
  readonly reason: string;
  readonly action: "channel.move" | "channel.rollback" | "channel.pin" | "channel.unpin";
  /** The build to serve, with the end of that; undefined for the build of now. */
  readonly pin?: { readonly build: BuildRecord; readonly until: number | undefined };
  /** What the gate impact said. */
  readonly impact?: ImpactVerdict | undefined;
}

/** Moves the channel where `choose` says, in the transaction that looks at its state. The build precedes the move. */
async function move(call: Call, choose: (reads: Reads) => Promise<Target>): Promise<Answer> {
  const { rms } = call;
  const [domain, policy, id] = [param(call, "domain"), param(call, "policy"), param(call, "channel")];
  // Before what the state of now would say to it: the caller means another one.
  await call.precondition(rms.store);
  const first = await choose(rms.store);
  await demandPublished(rms.store, domain, policy, first.version);
  const build = first.pin?.build ?? (await currentBuild(rms, domain, policy, first.version));
  return write(call, async (tx, after) => {
    const before = await channelAt(call, tx);
    const target = await choose(tx);
    const { version, pin } = target;
    if (version !== first.version || pin?.build.digest !== first.pin?.build.digest)
      throw conflict("The channel was moved meanwhile; look again.");
    await demandPublished(tx, domain, policy, version);
    const kept: Pin | undefined = pin === undefined ? undefined : { build: pin.build.digest, until: pin.until };
    const moved: Channel = { domain, policy, id, version, dataset: "main", seq: (before?.seq ?? 0) + 1, pin: kept };
    await record(tx, call, moved, target);
    await tx.builds.serve(`${domain}/${policy}/${id}`, build.digest, micros(rms.now()));
    after(() => rms.serving.changed(rms, domain));
    const item = await channelItem(call, tx, moved, build);
    const diff = { before: before === undefined ? null : { version: before.version, seq: before.seq }, after: { version } };
    return {
      status: before === undefined ? 201 : 200,
      headers: { ETag: tagOf(moved) },
      body: { ...item, ...(isDryRun(call) ? { diff } : {}) },
    };
  });
}

/** 422 for a version that the policy does not have, 409 for one that is not free to be served. */
async function demandPublished(reads: Reads, domain: string, policy: string, name: string): Promise<void> {
  const version = await reads.versions.get(domain, policy, name);
  if (version === undefined) throw invalid(`${domain}/${policy} has no version ${JSON.stringify(name)}: publish it first.`);
  const { state } = version;
  if (state !== "published") throw conflict(`The version ${name} is ${state.replace("_", " ")}; no channel moves to it.`);
}

async function record(tx: Transaction, call: Call, channel: Channel, { reason, action, impact }: Target): Promise<void> {
  const { domain, policy, id, version, seq, pin } = channel;
  await tx.channels.move(channel, { at: seconds(call.rms.now()), actor: call.principal.subject, reason });
  const detail = {
    ...{ version, seq },
    ...(pin === undefined ? {} : { pin: pin.build }),
    ...(impact === undefined ? {} : { impact: auditedImpact(impact) }),
  };
  await audit(tx, call, action, domain, `${domain}/${policy}/${id}`, reason, detail);
}

/** What the gate impact says to a move to the version; undefined where none looks at this channel. 409 where it stops that. */
async function gateOfMove(call: Call): Promise<ImpactVerdict | undefined> {
  const policy = await foundPolicy(call);
  const { domain, id, gates } = policy;
  if (storedGateSettings(gates).impact?.channel !== param(call, "channel")) return undefined;
  const version = await call.reads.versions.get(domain, id, textField(bodyOf(call), "version"));
  // Of what cannot be served the move tells.
  return version?.state === "published" ? demandConsent(call, policy, version) : undefined;
}

async function put(call: Call): Promise<Answer> {
  const verdict = await gateOfMove(call);
  return move(call, async (reads) => {
    const { state } = await foundDomain(call, reads);
    if (state !== "active") throw conflict(`The domain is ${state}; its channels do not move.`);
    await foundPolicy(call, reads);
    if (!channelId.test(param(call, "channel"))) throw invalid("A channel's id is a lower-case word such as dev, test or prod.");
    const body = bodyOf(call);
    const dataset = optionalText(body, "dataset") ?? "main";
    if (dataset !== "main") throw invalid(`The domain has no dataset ${JSON.stringify(dataset)}; its data are the dataset main.`);
    const served = (await channelAt(call, reads))?.version;
    if (verdict?.impact !== undefined && verdict.impact.against !== served)
      throw conflict("The channel was moved meanwhile; look again.");
    const reason = optionalText(body, "reason") ?? "";
    return { version: textField(body, "version"), reason, action: "channel.move", impact: verdict };
  });
}

function rollback(call: Call): Promise<Answer> {
  return move(call, async (reads) => {
    await livingDomain(call, reads);
    const { domain, policy, id, version: current } = await foundChannel(call, reads);
    const body = bodyOf(call);
    const toSeq = optionalNumber(body, "toSeq");
    const history = await reads.channels.history(domain, policy, id);
    const at = history.findIndex((one) => (toSeq === undefined ? one.version !== current : one.seq === toSeq));
    const target = history[at];
    if (target === undefined)
      throw conflict(
        toSeq === undefined ? "The channel never had another version." : `The channel has no sequence ${String(toSeq)}.`,
      );
    const back = { version: target.version, reason: optionalText(body, "reason") ?? "", action: "channel.rollback" } as const;
    if (body["withData"] !== true) return back;
    // Newest first: the move before it in the list is the one that left the target.
    const left = history[at - 1]?.at ?? seconds(call.rms.now());
    const build = await reads.builds.lastOf({ domain, policy, version: target.version }, left);
    if (build === undefined || build.freshUntil <= seconds(call.rms.now()))
      throw conflict("The data of then are too old: every sidecar would deny. Roll back without withData, or mend the data.");
    if (!call.rms.blobs.has(build.transport))
      throw conflict("The bundle of then is not kept any more. Roll back without withData.");
    return { ...back, pin: { build, until: build.freshUntil } };
  });
}

/** The build that is served now stays, whatever happens to the data; it grows stale in its time. */
async function pin(call: Call): Promise<Answer> {
  const channel = await foundChannel(call, call.rms.store);
  const { digest } = await servedBy(call, channel);
  return move(call, async (reads) => {
    await livingDomain(call, reads);
    const { version } = await foundChannel(call, reads);
    const build = await reads.builds.get(digest);
    if (build === undefined || build.version !== version) throw conflict("The channel was moved meanwhile; look again.");
    const reason = optionalText(bodyOf(call), "reason") ?? "";
    return { version, reason, action: "channel.pin", pin: { build, until: undefined } };
  });
}

function unpin(call: Call): Promise<Answer> {
  return move(call, async (reads) => {
    await livingDomain(call, reads);
    const channel = await foundChannel(call, reads);
    if (pinOf(call.rms, channel) === undefined) throw conflict("The channel is not pinned.");
    return { version: channel.version, reason: optionalText(bodyOf(call), "reason") ?? "", action: "channel.unpin" };
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
      return page(call.query, {
        read: (part) => call.reads.channels.list(domain, id, part),
        key: (channel) => channel.id,
        show: async (channel) => channelItem(call, call.reads, channel, await servedBy(call, channel)),
      });
    },
  },
  {
    method: "GET",
    path: `${base}/:channel`,
    scope: "read",
    summary: "One channel with its history",
    handle: async (call) => {
      const channel = await foundChannel(call, call.reads);
      const body = await channelItem(call, call.reads, channel, await servedBy(call, channel));
      return { status: 200, headers: { ETag: tagOf(channel) }, body };
    },
    tag: async (call) => {
      const channel = await channelAt(call, call.reads);
      return channel === undefined ? undefined : tagOf(channel);
    },
  },
  { method: "PUT", path: `${base}/:channel`, scope: "channel:write", summary: "Move the channel to a version", handle: put },
  {
    method: "POST",
    path: `${base}/:channel/rollback`,
    scope: "channel:write",
    summary: "Go back to the last different version, or to that of a sequence number; with its data, where they are fresh",
    handle: rollback,
  },
  {
    method: "POST",
    path: `${base}/:channel/pin`,
    scope: "channel:write",
    summary: "Go on with the build of now whatever happens to the data, until it is unpinned or grows stale",
    handle: pin,
  },
  {
    method: "POST",
    path: `${base}/:channel/unpin`,
    scope: "channel:write",
    summary: "Follow the data again",
    handle: unpin,
  },
];
