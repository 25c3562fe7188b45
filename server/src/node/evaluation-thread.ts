// The thread that evaluates: this side starts it and ends it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { outOfMemory, type StartThread, type WorkerReply } from "../worker-evaluator.ts";

/** Beside the bundle in a build; the source file when the server runs from sources. */
function workerFile(): URL {
  const built = new URL("./evaluation-worker.mjs", import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL("./evaluation-worker.ts", import.meta.url);
}

/** Threads of a program, ours unless given. */
export function threadsOf(file: URL = workerFile()): StartThread {
  return ({ reply, failed }) => {
    const unwanted = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(file, { workerData: unwanted, resourceLimits: { maxOldGenerationSizeMb: 256 } });
    worker.unref();
    worker.on("message", (message: WorkerReply) => reply(message));
    worker.on("error", (error: NodeJS.ErrnoException) =>
      failed(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new Error(outOfMemory) : error),
    );
    return {
      unwanted,
      send: (request) => worker.postMessage(request),
      end: () => void worker.terminate(),
    };
  };
}
