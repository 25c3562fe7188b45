// What RMS does by itself: fresh stamps in time, notices of the outbox, decision logs and old bundles past their time.
import { signOverdue } from "../governance/sign-campaign.ts";
import { lookRegularly } from "../regular-look.ts";
import { endOverdue } from "../sources/reviews.ts";
import { namedBlobs } from "../store/verify.ts";
import type { Rms } from "./rms.ts";
import { micros, seconds } from "./times.ts";

const sweepEvery = 5000;
const day = 86_400;
/** Milliseconds that the clock may move between two sweeps beside what passed. */
const maxDrift = 3_600_000;

/** Starts the sweeps; gives the way to end them. A sweep that fails is logged and comes again: a full disk must not end the server. */
export function startHousekeeping(rms: Rms): () => Promise<void> {
  let sweeps = 0;
  const clock = new ClockWatch(rms);
  const sweep = async (): Promise<void> => {
    await attempt(rms, "outbox", () => sweepOutbox(rms));
    await attempt(rms, "restamp", () => restamp(rms));
    if (clock.isSteady() && sweeps++ % 60 === 0) {
      await attempt(rms, "log retention", () => expireDecisions(rms));
      await attempt(rms, "runs of sidecars", () => thinRuns(rms));
      await attempt(rms, "runs of sources", () => thinSourceRuns(rms));
      await attempt(rms, "reviews", () => endReviews(rms));
      await attempt(rms, "campaigns", () => signCampaigns(rms));
      await attempt(rms, "idempotency keys", () => expireAnswers(rms));
      await attempt(rms, "build retention", () => expireBuilds(rms));
      await attempt(rms, "orphaned blobs", () => removeOrphans(rms));
    }
  };
  const failed = (error: unknown): void => rms.log("housekeeping failed", { error: String(error) });
  return lookRegularly({ every: sweepEvery, look: sweep, failed });
}

/** A clock that was set wrong must not make everything look old: after a jump nothing is thrown away for a day of steady time. */
class ClockWatch {
  private readonly rms: Rms;
  private wall: number;
  private process = performance.now();
  private steadyFrom = 0;

  constructor(rms: Rms) {
    this.rms = rms;
    this.wall = rms.now().getTime();
  }

  /** Compares the clock's way since the last call with the process's own. */
  isSteady(): boolean {
    const [wall, process] = [this.rms.now().getTime(), performance.now()];
    const jump = wall - this.wall - (process - this.process);
    this.wall = wall;
    this.process = process;
    if (Math.abs(jump) > maxDrift) {
      this.rms.log("the clock jumped", { seconds: Math.round(jump / 1000) });
      this.steadyFrom = process + day * 1000;
    }
    return process >= this.steadyFrom;
  }
}

async function attempt(rms: Rms, sweep: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    rms.log("sweep failed", { sweep, error: String(error) });
  }
}

/** Rows that changes leave in their own transaction; also those of another process on the same store, such as `rms keys rotate`. */
async function sweepOutbox(rms: Rms): Promise<void> {
  const notices = await rms.store.outbox.pending();
  const last = notices.at(-1)?.seq;
  if (last === undefined) return;
  for (const domain of new Set(notices.map((notice) => notice.domain))) rms.serving.changed(rms, domain);
  await rms.store.transaction((tx) => tx.outbox.clear(last));
}

/** Asks for what every channel serves: what has grown old is built anew, and the polls that wait for it wake. */
async function restamp(rms: Rms): Promise<void> {
  for (const { domain, policy, id } of await rms.store.channels.all()) {
    const served = async (): Promise<number | undefined> => (await rms.store.builds.served(`${domain}/${policy}/${id}`))?.number;
    const before = await served();
    await rms.serving.current(rms, { domain, policy, selector: id, bare: false });
    if ((await served()) !== before) rms.waiters.wake(domain);
  }
}

/** Decision logs live as long as their domain says. */
export async function expireDecisions(rms: Rms): Promise<void> {
  await rms.store.transaction((tx) => tx.decisions.expire(seconds(rms.now())));
}

/** After a day the runs of a sidecar are told apart by version and facts alone: a restamp of each few minutes is no news any more. */
export async function thinRuns(rms: Rms): Promise<void> {
  await rms.store.transaction((tx) => tx.activations.thin(micros(rms.now()) - day * 1_000_000));
}

/** Syncs that changed nothing are told for a month. */
async function thinSourceRuns(rms: Rms): Promise<void> {
  await rms.store.transaction((tx) => tx.sources.thinRuns(seconds(rms.now()) - 30 * day));
}

/** What nobody decided about in time ends, where the source wants that. */
export async function endReviews(rms: Rms): Promise<void> {
  for (const domain of await endOverdue(rms.store, rms.now())) rms.serving.changed(rms, domain);
}

/** Campaigns past their time whose undecided memberships end are signed. */
export async function signCampaigns(rms: Rms): Promise<void> {
  for (const domain of await signOverdue(rms.store, rms.now())) rms.serving.changed(rms, domain);
}

/** Answers by idempotency key live a day. */
async function expireAnswers(rms: Rms): Promise<void> {
  await rms.store.transaction((tx) => tx.idempotency.expire(seconds(rms.now()) - day));
}

/** Files of a day ago that no row names: their writers were killed before their rows. */
export async function removeOrphans(rms: Rms): Promise<void> {
  // First the files, then the rows: what is written meanwhile is too young.
  const files = [...rms.blobs.olderThan(rms.now().getTime() - day * 1000)];
  const named = await namedBlobs(rms.store);
  const builds = new Set(await rms.store.builds.transports());
  for (const digest of files) if (!named.has(digest) && !builds.has(digest)) rms.blobs.remove(digest);
}

/** Bundles that a later stamp of the same content replaced lose their bytes after a day; their rows stay. */
export async function expireBuilds(rms: Rms): Promise<void> {
  for (const { transport } of await rms.store.builds.replaced(seconds(rms.now()) - day)) rms.blobs.remove(transport);
}
