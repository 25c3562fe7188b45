// What each address serves now, kept at hand: polls are answered without a build, and a change is built once for all that wait.
import { currentBuild } from "./builds.ts";
import type { Rms } from "./rms.ts";
import { seconds } from "./rms.ts";

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

export class Serving {
  private readonly known = new Map<string, Map<string, Served>>();
  private readonly waking = new Set<string>();
  /** Domain → how long its last builds took, and when they ended (milliseconds of the process's clock). */
  private readonly pace = new Map<string, { readonly took: number; readonly ended: number }>();
  private held = 0;

  /** What the address serves now; undefined when there is no such channel or version. */
  current(rms: Rms, domain: string, policy: string, selector: string): Served | undefined {
    const address = `${domain}/${policy}/${selector}`;
    const before = this.known.get(domain)?.get(address);
    const now = seconds(rms.now());
    if (before !== undefined && now >= before.from && now < before.until) return before;
    const found = serve(rms, domain, policy, selector);
    if (found !== undefined) this.keep(domain, address, found);
    return found;
  }

  /** The domain changed: what is kept is no answer any more. Builds of its channels follow at once, and the polls wake with them. */
  changed(rms: Rms, domain: string): void {
    this.drop(domain);
    if (this.waking.has(domain)) return;
    this.waking.add(domain);
    const pace = this.pace.get(domain);
    const gather = pace === undefined ? 0 : Math.min(maxGatherMs, pace.took) - (performance.now() - pace.ended);
    setTimeout(() => this.rebuild(rms, domain), Math.max(0, gather));
  }

  private rebuild(rms: Rms, domain: string): void {
    this.waking.delete(domain);
    const started = performance.now();
    try {
      for (const row of rms.db.all("SELECT policy, id FROM channels WHERE domain = ?", domain))
        this.current(rms, domain, String(row["policy"]), String(row["id"]));
    } catch (error) {
      rms.log("build failed", { domain, error: String(error) });
    }
    const ended = performance.now();
    this.pace.set(domain, { took: ended - started, ended });
    rms.waiters.wake(domain);
  }

  private keep(domain: string, address: string, served: Served): void {
    const addresses = this.known.get(domain) ?? new Map<string, Served>();
    this.known.set(domain, addresses);
    this.held += served.bytes.length - (addresses.get(address)?.bytes.length ?? 0);
    addresses.set(address, served);
    for (const oldest of this.known.keys()) {
      if (this.held <= maxBytes) return;
      if (oldest !== domain) this.drop(oldest);
    }
  }

  private drop(domain: string): void {
    for (const one of this.known.get(domain)?.values() ?? []) this.held -= one.bytes.length;
    this.known.delete(domain);
  }
}

/** Makes or finds the build of an address. Its number rises with each other build, so that no ETag ever comes twice. */
function serve(rms: Rms, domain: string, policy: string, selector: string): Served | undefined {
  const channel = rms.db.one("SELECT version FROM channels WHERE domain = ? AND policy = ? AND id = ?", domain, policy, selector);
  const version =
    channel?.["version"] ??
    rms.db.one("SELECT version FROM versions WHERE domain = ? AND policy = ? AND version = ?", domain, policy, selector)?.[
      "version"
    ];
  if (version === undefined) return undefined;
  const build = currentBuild(rms, domain, policy, String(version));
  const address = `${domain}/${policy}/${selector}`;
  const number = rms.db.transaction(() => {
    const before = rms.db.one("SELECT build, served FROM addresses WHERE address = ?", address);
    if (before?.["build"] === build.digest) return Number(before["served"]);
    const next = Number(before?.["served"] ?? 0) + 1;
    rms.db.run(
      "INSERT INTO addresses (address, build, served) VALUES (?, ?, ?) ON CONFLICT (address) DO UPDATE SET build = excluded.build, served = excluded.served",
      address,
      build.digest,
      next,
    );
    return next;
  });
  const bytes = rms.blobs.get(build.transport);
  if (bytes === undefined) throw new Error(`the bundle ${build.transport} is missing or damaged`);
  return {
    tag: `"${build.transport.slice(0, 32)}.${domain}.${policy}.${selector}.${number}"`,
    revision: build.revision,
    transport: build.transport,
    bytes,
    from: build.from,
    until: build.until,
  };
}
