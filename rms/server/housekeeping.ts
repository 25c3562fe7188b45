// What RMS does by itself: fresh stamps in time, notices of the outbox, decision logs and old bundles past their time.
import type { Rms } from "./rms.ts";
import { seconds } from "./rms.ts";

const sweepEvery = 5000;
const day = 86_400;

/** Starts the sweeps; gives the way to end them. A sweep that fails is logged and comes again: a full disk must not end the server. */
export function startHousekeeping(rms: Rms): () => void {
  const outbox = new Outbox(rms);
  let sweeps = 0;
  const timer = setInterval(() => {
    attempt(rms, "outbox", () => outbox.sweep());
    attempt(rms, "restamp", () => restamp(rms));
    if (sweeps++ % 60 === 0) {
      attempt(rms, "log retention", () => expireDecisions(rms));
      attempt(rms, "build retention", () => expireBuilds(rms));
    }
  }, sweepEvery);
  return () => clearInterval(timer);
}

function attempt(rms: Rms, sweep: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    rms.log("sweep failed", { sweep, error: String(error) });
  }
}

/** Rows that changes leave in their own transaction; also those of another process on the same store, such as `rms keys rotate`. */
class Outbox {
  private readonly rms: Rms;

  constructor(rms: Rms) {
    this.rms = rms;
  }

  sweep(): void {
    const { db, serving } = this.rms;
    const rows = db.all("SELECT seq, domain FROM outbox ORDER BY seq");
    const last = rows.at(-1)?.["seq"];
    if (last === undefined) return;
    for (const domain of new Set(rows.map((row) => String(row["domain"])))) serving.changed(this.rms, domain);
    db.run("DELETE FROM outbox WHERE seq <= ?", last);
  }
}

/** Asks for what every channel serves: what has grown old is built anew, and the polls that wait for it wake. */
function restamp(rms: Rms): void {
  for (const row of rms.db.all("SELECT domain, policy, id FROM channels")) {
    const [domain, policy, channel] = [String(row["domain"]), String(row["policy"]), String(row["id"])];
    const address = `${domain}/${policy}/${channel}`;
    const served = (): unknown => rms.db.one("SELECT served FROM addresses WHERE address = ?", address)?.["served"];
    const before = served();
    rms.serving.current(rms, domain, policy, channel);
    if (served() !== before) rms.waiters.wake(domain);
  }
}

/** Decision logs live as long as their domain says. */
export function expireDecisions(rms: Rms): void {
  rms.db.run(
    "DELETE FROM decisions WHERE at < ? - COALESCE((SELECT log_retention_s FROM domains WHERE id = decisions.domain), ?)",
    seconds(rms.now()),
    14 * day,
  );
}

/** Bundles that a later stamp of the same content replaced lose their bytes after a day; their rows stay. */
export function expireBuilds(rms: Rms): void {
  const rows = rms.db.all(
    `SELECT transport FROM builds AS old
     WHERE at < ? AND digest NOT IN (SELECT build FROM addresses) AND EXISTS (
       SELECT 1 FROM builds AS later WHERE later.domain = old.domain AND later.policy = old.policy
         AND later.version = old.version AND later.snapshot = old.snapshot AND later.stamp > old.stamp)`,
    seconds(rms.now()) - day,
  );
  for (const row of rows) rms.blobs.remove(String(row["transport"]));
}
