// What each address serves now, kept at hand: polls are answered without a build, and a change is built once for all that wait.
import { type Build, type BuildHost, bareBuild, currentBuild, mendedBuild, pinnedBuild } from "./builds.ts";
import { micros, seconds } from "./times.ts";
import type { Waiters } from "./waiters.ts";

/** What changes are told with. */
interface ServingHost extends BuildHost {
  readonly waiters: Waiters;
}

/** What a sidecar asks for. */
export interface BundleAddress {
  readonly domain: string;
  readonly policy: string;
  /** A channel or an exact version. */
  readonly selector: string;
  /** Without the domain's data. */
  readonly bare: boolean;
}

export interface Served {
  readonly tag: string;
  readonly revision: string;
  readonly transport: string;
  readonly bytes: Uint8Array;
  /** Seconds between which this is the answer, if nothing changes. */
  readonly from: number;
  readonly until: number;
}

/** Bytes of bundles kept in memory. */
const maxBytes = 128 * 1024 * 1024;
/** The longest time in which changes of one domain are gathered into one build. */
const maxGatherMs = 2000;
/** How often a build is made anew because its domain changed meanwhile. */
const maxRounds = 3;

export class Serving {
  private readonly kept = new Map<string, Map<string, Served>>();
  private readonly waking = new Set<string>();
  /** Domain → how long its last builds took, and when they ended (milliseconds of the process's clock). */
  private readonly pace = new Map<string, { readonly took: number; readonly ended: number }>();
  /** Address → its build that is being made, shared by all who ask. */
  private readonly running = new Map<string, Promise<Served | undefined>>();
  /** Domain → how often it changed. */
  private readonly changes = new Map<string, number>();
  private held = 0;

  /** What is at hand for the address; undefined when it must be looked for or built. */
  known(now: number, address: BundleAddress): Served | undefined {
    const before = this.kept.get(address.domain)?.get(textOf(address));
    return before !== undefined && now >= before.from && now < before.until ? before : undefined;
  }

  /** What the address serves now; undefined when there is no such channel or version. */
  async current(rms: BuildHost, address: BundleAddress): Promise<Served | undefined> {
    const before = this.known(seconds(rms.now()), address);
    if (before !== undefined) return before;
    const text = textOf(address);
    const running = this.running.get(text);
    if (running !== undefined) return running;
    const made = this.make(rms, address).finally(() => this.running.delete(text));
    this.running.set(text, made);
    return made;
  }

  /** Builds until no change came in between; after some rounds, what is there is better than nothing. */
  private async make(rms: BuildHost, address: BundleAddress): Promise<Served | undefined> {
    const { domain } = address;
    for (let round = 1; ; round++) {
      const seen = this.changes.get(domain);
      const found = await serve(rms, address);
      const clean = seen === this.changes.get(domain);
      if (clean && found !== undefined) this.keep(address, found);
      if (clean || round === maxRounds) return found;
    }
  }

  /** The domain changed: what is kept is no answer any more. Builds of its channels follow at once, and the polls wake with them. */
  changed(rms: ServingHost, domain: string): void {
    this.changes.set(domain, (this.changes.get(domain) ?? 0) + 1);
    this.drop(domain);
    if (this.waking.has(domain)) return;
    this.waking.add(domain);
    const pace = this.pace.get(domain);
    const gather = pace === undefined ? 0 : Math.min(maxGatherMs, pace.took) - (performance.now() - pace.ended);
    setTimeout(() => void this.rebuild(rms, domain), Math.max(0, gather));
  }

  private async rebuild(rms: ServingHost, domain: string): Promise<void> {
    this.waking.delete(domain);
    const started = performance.now();
    try {
      for (const { policy, id } of await rms.store.channels.all(domain))
        await this.current(rms, { domain, policy, selector: id, bare: false });
    } catch (error) {
      rms.log("build failed", { domain, error: String(error) });
    }
    const ended = performance.now();
    this.pace.set(domain, { took: ended - started, ended });
    rms.waiters.wake(domain);
  }

  private keep(address: BundleAddress, served: Served): void {
    const { domain } = address;
    const text = textOf(address);
    const addresses = this.kept.get(domain) ?? new Map<string, Served>();
    this.kept.set(domain, addresses);
    this.held += served.bytes.length - (addresses.get(text)?.bytes.length ?? 0);
    addresses.set(text, served);
    for (const oldest of this.kept.keys()) {
      if (this.held <= maxBytes) return;
      if (oldest !== domain) this.drop(oldest);
    }
  }

  private drop(domain: string): void {
    for (const one of this.kept.get(domain)?.values() ?? []) this.held -= one.bytes.length;
    this.kept.delete(domain);
  }
}

function textOf({ domain, policy, selector, bare }: BundleAddress): string {
  return `${domain}/${policy}/${selector}${bare ? "?data=none" : ""}`;
}

/** Seconds after which a build that failed is tried again. */
const retryAfter = 5;

/** Makes or finds the build of an address; the last good one of the same version where no new one can be made now. */
async function serve(rms: BuildHost, address: BundleAddress): Promise<Served | undefined> {
  const { store } = rms;
  const { domain, policy, selector, bare } = address;
  const channel = await store.channels.get(domain, policy, selector);
  const named = channel ?? (await store.versions.get(domain, policy, selector));
  if (named === undefined) return undefined;
  const text = textOf(address);
  const now = (): Promise<Build> => (bare ? bareBuild : currentBuild)(rms, domain, policy, named.version);
  try {
    const pinned = channel === undefined || bare ? undefined : await pinnedBuild(rms, channel);
    let build = pinned ?? (await now());
    if (pinned === undefined && rms.blobs.get(build.transport) === undefined) build = (await mendedBuild(rms, build)) ?? build;
    const number = await numberOf(rms, text, build.digest);
    return servedOf(rms, text, build, number);
  } catch (error) {
    const last = await store.builds.lastServed(text);
    if (last === undefined || last.version !== named.version) throw error;
    // Its stamp tells its age: sidecars deny by it once it is stale.
    rms.log("build failed, the last one is served", { address: text, error: String(error) });
    const from = seconds(rms.now());
    return servedOf(rms, text, { ...last, from, until: from + retryAfter }, last.number);
  }
}

/** The number rises with each other build, so that no ETag ever comes twice. */
async function numberOf({ store, now }: BuildHost, address: string, digest: string): Promise<number> {
  const before = await store.builds.served(address);
  if (before?.build === digest) return before.number;
  return store.transaction((tx) => tx.builds.serve(address, digest, micros(now())));
}

function servedOf(
  rms: BuildHost,
  address: string,
  { transport, revision, from, until }: Pick<Build, "transport" | "revision" | "from" | "until">,
  number: number,
): Served {
  const bytes = rms.blobs.get(transport);
  if (bytes === undefined) throw new Error(`the bundle ${transport} is missing or damaged`);
  return {
    tag: `"${transport.slice(0, 32)}.${address.replaceAll(/[/?]/g, ".")}.${number}"`,
    revision,
    transport,
    bytes,
    from,
    until,
  };
}
