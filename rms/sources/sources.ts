// The syncs of all sources: one at a time of each, by hand or by schedule, and their end when the server ends.
import { randomUUID } from "node:crypto";
import { lookRegularly } from "../regular-look.ts";
import { sha256 } from "../store/blobs.ts";
import type { Source, SourceRun } from "../store/sources.ts";
import type { Reads, Store } from "../store/store.ts";
import { nextTime, readCron } from "./cron.ts";
import { giveBack } from "./give-back.ts";
import type { Grant } from "./grants.ts";
import { type Reading, read, runSync, type SyncOutcome, type SyncRequest } from "./sync.ts";

/** What syncs are done with. */
export interface SourcesHost {
  readonly store: Store;
  now(): Date;
  log(event: string, fields: Readonly<Record<string, unknown>>): void;
  fourEyes(reads: Reads, domain: string): Promise<boolean>;
  /** Bundles of the domain are to be made anew. */
  changed(domain: string): void;
  counted(result: SourceRun["result"]): void;
}

/** Milliseconds between two looks at what is due, and syncs by schedule that run at once. */
const lookEvery = 5000;
const maxRunning = 2;
/** So often is the pause doubled after syncs that failed. */
const maxBackOff = 4;
/** Seconds after which a sync that has its times is tried again, before they are doubled. */
const retryAfter = 300;

export class Sources {
  /** Syncs that run, by domain and source. */
  private readonly running = new Map<string, Promise<SyncOutcome | undefined>>();
  private readonly end = new AbortController();
  readonly grants: readonly Grant[];

  constructor(grants: readonly Grant[]) {
    this.grants = grants;
  }

  isRunning(domain: string, id: string): boolean {
    return this.running.has(`${domain}/${id}`);
  }

  /** Reads a source and records nothing. */
  read(host: SourcesHost, domain: string, source: Source, signal: AbortSignal): Promise<Reading> {
    return read({ ...host, grants: this.grants }, domain, source, AbortSignal.any([signal, this.end.signal]));
  }

  /** Begins a sync, which goes on whoever waits for it; the caller has seen that none runs. Undefined when the source is not there any more. */
  sync(host: SourcesHost, request: Omit<SyncRequest, "signal">): Promise<SyncOutcome | undefined> {
    const key = `${request.domain}/${request.id}`;
    const done = this.run(host, { ...request, signal: this.end.signal }).finally(() => this.running.delete(key));
    this.running.set(key, done);
    return done;
  }

  private async run(host: SourcesHost, request: SyncRequest): Promise<SyncOutcome | undefined> {
    const { domain, id } = request;
    const { store, now, fourEyes } = host;
    const bound = { store, grants: this.grants, now: () => now(), fourEyes };
    const outcome = await runSync(bound, request);
    giveBack("end");
    if (outcome === undefined) return undefined;
    const { run, changed, restamp } = outcome;
    host.counted(run.result);
    host.log("source synced", { domain, source: id, run: run.number, result: run.result, ms: (run.ended - run.at) * 1000 });
    if (changed || restamp) host.changed(domain);
    return outcome;
  }

  /** Looks for what is due from now on; gives the way to end that and every sync. */
  start(host: SourcesHost): () => Promise<void> {
    const endLooks = lookRegularly({
      every: lookEvery,
      look: () => this.beginDue(host),
      failed: (error) => host.log("sources are not looked at", { error: String(error) }),
    });
    return async () => {
      this.end.abort();
      await endLooks();
      await Promise.allSettled(this.running.values());
    };
  }

  /** Begins the syncs that are due, as many as may run at once. */
  async beginDue(host: SourcesHost): Promise<void> {
    const now = Math.floor(host.now().getTime() / 1000);
    for (const { domain, ...source } of await host.store.sources.all()) {
      if (this.running.size >= maxRunning || this.end.signal.aborted) return;
      const { id } = source;
      if (this.isRunning(domain, id) || (await host.store.domains.get(domain))?.state === "retired") continue;
      if ((await dueAt(host.store, domain, source, now)) > now) continue;
      const request = { domain, id, actor: `source:${id}`, reason: "", force: false, requestId: randomUUID() };
      this.sync(host, request).catch((error: unknown) => host.log("sync failed", { domain, source: id, error: String(error) }));
    }
  }
}

/** Seconds since 1970 at which the next sync is due: sooner or later by up to a tenth, and later and later after syncs that failed. */
async function dueAt(
  { sources }: Pick<Reads, "sources">,
  domain: string,
  { id, settings, at }: Source,
  now: number,
): Promise<number> {
  const cron = settings.cron === undefined ? undefined : readCron(settings.cron);
  if (settings.every === undefined && cron === undefined) return Number.POSITIVE_INFINITY;
  const last = await sources.lastRun(domain, id);
  // New settings are tried at once; so is a source whose last run was by a clock that was ahead.
  if (last === undefined || last.ended * 1_000_000 < at || last.ended > now) return 0;
  const misses = Math.min(maxBackOff, await sources.misses(domain, id));
  const share = shareOf(`${domain}/${id}/${last.number}`);
  const later = (pause: number): number => last.ended + Math.ceil(pause * 2 ** misses * (0.9 + 0.2 * share));
  if (settings.every !== undefined) return later(settings.every);
  const next = cron === undefined || "fault" in cron ? Number.POSITIVE_INFINITY : nextTime(cron, last.ended);
  // What failed is tried again before its next time.
  return misses === 0 ? next : Math.min(next, later(retryAfter));
}

/** From 0 to 1, another one for each name: sources that began together do not stay together. */
const shareOf = (name: string): number => Number.parseInt(sha256(name).slice(0, 8), 16) / 0xffff_ffff;
