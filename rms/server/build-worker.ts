// Builds bundles away from the thread that answers requests, on a reading store of its own.
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { Blobs } from "../store/blobs.ts";
import { openSqliteStore } from "../store/sqlite/store.ts";
import { type BuildJob, type MadeBuild, makeBuild } from "./build.ts";
import { library } from "./library.ts";
import type { Reply } from "./worker-pool.ts";

const { folder } = workerData as { readonly folder: string };
const store = openSqliteStore(join(folder, "rms.db"));
const blobs = new Blobs(join(folder, "blobs"));

parentPort?.on("message", async (job: BuildJob) => {
  const answer = await reply(job);
  parentPort?.postMessage({ ...answer, heap: getHeapStatistics().total_heap_size / 1024 / 1024 });
});

async function reply(job: BuildJob): Promise<Reply<MadeBuild>> {
  try {
    return { result: await makeBuild({ store, blobs, library, folder }, job) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
