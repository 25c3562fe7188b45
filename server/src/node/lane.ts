// A server in a thread, for one large file: this side starts the thread and ends it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { LaneEvents, StartLane } from "../lane.ts";
import type { Id } from "../rpc/connection.ts";

export interface LaneFrame {
  readonly frame: Uint8Array;
  readonly answers: Id | undefined;
}

/**
 * The tree of a file, and the one before the last edit, take some hundred times its length. More would only let garbage pile up: a file of
 * 5 MB stays below 2 GB with all that is asked about it.
 */
const perCharacter = 300;
const fewest = 1024;
const most = 3072;

/** The server's own program, built or from sources. */
function laneFile(): URL {
  const built = new URL("./server.mjs", import.meta.url);
  return existsSync(fileURLToPath(built)) ? built : new URL("./main.ts", import.meta.url);
}

export const startLane: StartLane = (events: LaneEvents, length: number) => {
  const megabytes = Math.round(Math.min(most, Math.max(fewest, (length * perCharacter) / 1_000_000)));
  const worker = new Worker(laneFile(), { resourceLimits: { maxOldGenerationSizeMb: megabytes } });
  worker.unref();
  let stopped = false;
  const lost = (reason: string): void => {
    if (!stopped) events.lost(reason);
    stopped = true;
  };
  worker.on("message", ({ frame, answers }: LaneFrame) => {
    if (!stopped) events.frame(frame, answers);
  });
  worker.on("error", (error: Error & { code?: string }) => {
    lost(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? `more than ${megabytes} MB are needed to read it` : error.message);
  });
  worker.on("exit", (code) => lost(`its thread ended with ${code}`));
  return {
    send: (message) => worker.postMessage(message),
    stop: () => {
      stopped = true;
      void worker.terminate();
    },
  };
};
