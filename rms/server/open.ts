// Opens the store of a data folder and everything that works on it.
import { join } from "node:path";
import { Hooks } from "../hooks/hooks.ts";
import type { Grant } from "../sources/grants.ts";
import { Sources } from "../sources/sources.ts";
import { Blobs } from "../store/blobs.ts";
import { makeFolder } from "../store/make-folder.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";
import type { Store } from "../store/store.ts";
import { Builder } from "./builds.ts";
import { Checkpoints } from "./checkpoints.ts";
import { Gates } from "./gates.ts";
import { library } from "./library.ts";
import { LogQuota } from "./log-quota.ts";
import { Metrics } from "./metrics.ts";
import { questionLimits } from "./questions.ts";
import type { Rms } from "./rms.ts";
import { Serving } from "./serving.ts";
import { SignIns } from "./sign-ins.ts";
import { KeyRing } from "./signing.ts";
import { seconds } from "./times.ts";
import { Waiters } from "./waiters.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface OpenRms extends Rms {
  /** Ends the workers and closes the store. */
  close(): Promise<void>;
}

/** `grants` is what the operator lets sources of people read, and hooks tell. */
export async function openRms(folder: string, host: Pick<Rms, "now" | "log">, grants: readonly Grant[] = []): Promise<OpenRms> {
  makeFolder(folder, 0o700);
  const metrics = new Metrics();
  const checkpoints = new Checkpoints(folder);
  const store = timed(openSqliteStore(join(folder, "rms.db"), { checkpoint: () => checkpoints.begin() }), metrics);
  const builder = new Builder(folder);
  const gates = new Gates();
  const questions: Rms["questions"] = new WorkerPool("question-worker", { folder }, questionLimits);
  return {
    store,
    blobs: new Blobs(join(folder, "blobs")),
    signIns: new SignIns(store.tokens),
    keys: await KeyRing.open(store, folder, seconds(host.now())),
    library,
    builder,
    gates,
    questions,
    sources: new Sources(grants),
    hooks: new Hooks({ ...host, store, grants, counted: (result) => metrics.add("rms_hook_messages_total", { result }) }),
    serving: new Serving(),
    logQuota: new LogQuota(),
    waiters: new Waiters(),
    metrics,
    ...host,
    close: async () => {
      await Promise.all([builder.close(), questions.close(), gates.close(), checkpoints.close()]);
      await store.close();
    },
  };
}

/** The store, its writing transactions measured. */
function timed(store: Store, metrics: Metrics): Store {
  return {
    ...store,
    transaction: async (work) => {
      const started = performance.now();
      try {
        return await store.transaction(work);
      } finally {
        metrics.took("rms_store_transaction_seconds", (performance.now() - started) / 1000);
      }
    },
  };
}
