// A worker thread of RMS: no environment, a bounded heap.
import { Worker } from "node:worker_threads";

/** Starts `name`, a program beside this file, with `data` as its `workerData`; `heap` in megabytes. */
export function startWorker(name: string, data: unknown, heap: number): Worker {
  const extension = import.meta.url.endsWith(".mjs") ? "mjs" : "ts";
  return new Worker(new URL(`./${name}.${extension}`, import.meta.url), {
    workerData: data,
    // Young generations are by thread: the usual 48 MB of each would be most of what RMS needs.
    resourceLimits: { maxOldGenerationSizeMb: heap, maxYoungGenerationSizeMb: 24 },
    env: {},
  });
}
