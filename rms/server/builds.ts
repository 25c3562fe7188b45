// Stamps and builds: what was built once is served again until its facts change or its stamp grows old.
import type { Blobs } from "../store/blobs.ts";
import type { BuildRecord, Stamp } from "../store/builds.ts";
import type { Channel, Pin } from "../store/channels.ts";
import type { Domain } from "../store/domains.ts";
import type { Reads, Store } from "../store/store.ts";
import type { BuildJob, MadeBuild } from "./build.ts";
import type { Metrics } from "./metrics.ts";
import { seconds } from "./times.ts";
import { WorkerPool } from "./worker-pool.ts";

/** What builds are made with. */
export interface BuildHost {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly builder: Builder;
  readonly metrics: Metrics;
  now(): Date;
  log(event: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface Build {
  readonly digest: string;
  /** Digest of the bytes as served. */
  readonly transport: string;
  readonly revision: string;
  readonly version: string;
  /** Seconds: from when to when this build is the one to serve, if nothing changes. */
  readonly from: number;
  readonly until: number;
}

/**
 * The domain's stamp; a new one when the facts changed, a third of their age has passed, or the clock went back behind it
 * (a stamp from the future would make every sidecar deny).
 */
export async function currentStamp(rms: BuildHost, domain: string): Promise<Stamp & { readonly maxAge: number }> {
  const now = seconds(rms.now());
  const before = await standingStamp(rms.store, domain, now);
  if (before.stamp !== undefined) return { ...before.stamp, maxAge: before.maxAge };
  return rms.store.transaction(async (tx) => {
    const { stamp: raced, maxAge, snapshot } = await standingStamp(tx, domain, now);
    if (raced !== undefined) return { ...raced, maxAge };
    const number = (await tx.builds.lastStamp(domain)) + 1;
    const sources = await tx.sources.freshness(domain);
    // The data are fresh for no longer than every source that they need.
    const needed = Object.values(sources).filter(({ required }) => required);
    const freshUntil = Math.min(now + maxAge, ...needed.map((one) => one.freshUntil));
    const stamp = { number, asOf: now, freshUntil, snapshot, sources };
    await tx.builds.setStamp(domain, stamp);
    return { ...stamp, maxAge };
  });
}

async function standingStamp(
  reads: Reads,
  id: string,
  now: number,
): Promise<Pick<Domain, "maxAge" | "snapshot"> & { readonly stamp: Stamp | undefined }> {
  const domain = await reads.domains.get(id);
  if (domain === undefined) throw new Error(`there is no domain ${id}`);
  const { maxAge, snapshot } = domain;
  const stamp = await reads.builds.stamp(id);
  const stands = stamp !== undefined && stamp.snapshot === snapshot && now >= stamp.asOf && now - stamp.asOf < maxAge / 3;
  return { maxAge, snapshot, stamp: stands ? stamp : undefined };
}

/** The current build of a version: made now, or found. Equal builds that are asked for at once are made once. */
export async function currentBuild(rms: BuildHost, domain: string, policy: string, version: string): Promise<Build> {
  const stamp = await currentStamp(rms, domain);
  const parts = { domain, policy, version, snapshot: stamp.snapshot, stamp: stamp.number };
  return soundBuild(rms, { parts, stamp }, { from: stamp.asOf, until: stamp.asOf + stamp.maxAge / 3 });
}

/** The build of a version without the domain's data; it never changes. */
export function bareBuild(rms: BuildHost, domain: string, policy: string, version: string): Promise<Build> {
  const job = { parts: { domain, policy, version, snapshot: 0, stamp: 0 }, stamp: undefined };
  return soundBuild(rms, job, { from: 0, until: Number.POSITIVE_INFINITY });
}

/** The build that was made, if its bytes are there; made now, or anew, otherwise. */
async function soundBuild(rms: BuildHost, job: BuildJob, span: Pick<Build, "from" | "until">): Promise<Build> {
  const before = await rms.store.builds.find(job.parts);
  const found = before !== undefined && rms.blobs.has(before.transport) ? before : await rms.builder.build(rms, job);
  return { digest: found.digest, transport: found.transport, revision: found.revision, version: job.parts.version, ...span };
}

/** Makes a build anew whose bytes are damaged; undefined when it is not the one of now. */
export async function mendedBuild(rms: BuildHost, { digest }: Build): Promise<Build | undefined> {
  const record = await rms.store.builds.get(digest);
  if (record === undefined) return undefined;
  const { domain, policy, version } = record;
  rms.log("a bundle is damaged and made anew", { digest: record.transport });
  rms.blobs.remove(record.transport);
  return record.stamp === 0 ? bareBuild(rms, domain, policy, version) : currentBuild(rms, domain, policy, version);
}

/** The pin of a channel, while it holds. */
export function pinOf(rms: Pick<BuildHost, "now">, { pin }: Channel): Pin | undefined {
  return pin === undefined || (pin.until !== undefined && pin.until <= seconds(rms.now())) ? undefined : pin;
}

/** The build that a channel is pinned to; undefined when it follows its data. */
export async function pinnedBuild(rms: BuildHost, channel: Channel): Promise<Build | undefined> {
  const pin = pinOf(rms, channel);
  const build = pin === undefined ? undefined : await rms.store.builds.get(pin.build);
  if (build === undefined) return undefined;
  const { digest, transport, revision, version } = build;
  return { digest, transport, revision, version, from: 0, until: pin?.until ?? Number.POSITIVE_INFINITY };
}

/**
 * Milliseconds and megabytes of one build; builds of one server come one after the other. Below 2 GB the engine lets a heap double
 * before it collects, from there on it lets it quadruple.
 */
const buildLimits = { workers: 1, waiting: 10_000, time: 60_000, heap: 1500, rest: 128 };

/** Makes builds in a worker and records them. */
export class Builder {
  private readonly pool: WorkerPool<BuildJob, MadeBuild>;
  private readonly running = new Map<string, Promise<BuildRecord>>();

  constructor(folder: string) {
    this.pool = new WorkerPool("build-worker", { folder }, buildLimits);
  }

  /** Builds that are made or wait. */
  get load(): number {
    return this.pool.load;
  }

  /** Seconds since the oldest of them came. */
  get age(): number {
    return this.pool.age;
  }

  build(rms: BuildHost, job: BuildJob): Promise<BuildRecord> {
    const key = JSON.stringify(job.parts);
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const made = this.record(rms, job).finally(() => this.running.delete(key));
    this.running.set(key, made);
    return made;
  }

  private async record(rms: BuildHost, job: BuildJob): Promise<BuildRecord> {
    const started = performance.now();
    const build = { ...(await this.pool.run(job)), at: seconds(rms.now()) };
    rms.metrics.add("rms_builds_total");
    rms.metrics.took("rms_build_seconds", (performance.now() - started) / 1000);
    return rms.store.transaction(async (tx) => {
      await tx.builds.insert(build);
      const first = (await tx.builds.get(build.digest)) ?? build;
      if (rms.blobs.has(first.transport)) return first;
      await tx.builds.replaceBytes(build);
      return build;
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
