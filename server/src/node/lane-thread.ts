// The thread of a lane: the client's messages in, frames out.
import { parentPort } from "node:worker_threads";
import { encodeFrame } from "../rpc/frames.ts";
import { servedLane } from "../served-lane.ts";
import type { LaneFrame } from "./lane.ts";
import { later } from "./later.ts";

const receive = servedLane({
  send: (message, answers) => {
    const sent: LaneFrame = { frame: encodeFrame(message), answers };
    parentPort?.postMessage(sent, [sent.frame.buffer as ArrayBuffer]);
  },
  defer: (job) => setImmediate(job),
  later,
  log: (text) => {
    process.stderr.write(`${text}\n`);
  },
});

parentPort?.on("message", receive);
