// A server in a thread, for one large file: no disk, no evaluation, the client's messages in and frames out.
import { parentPort } from "node:worker_threads";
import { memoryHost } from "#workspace/host.ts";
import { encodeFrame } from "../rpc/frames.ts";
import { serve } from "../serve.ts";
import type { LaneFrame } from "./lane.ts";
import { later } from "./later.ts";

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
const none = new Error("large files are not evaluated");

const connection = serve(
  {
    send: (message) => {
      const { id, method } = message as { id?: number | string; method?: string };
      const sent: LaneFrame = { frame: encodeFrame(message), answers: method === undefined ? id : undefined };
      parentPort?.postMessage(sent, [sent.frame.buffer as ArrayBuffer]);
    },
    pass: () => undefined,
    defer: (job) => setImmediate(job),
    exit: () => undefined,
    log,
  },
  {
    host: memoryHost({}),
    anySize: true,
    evaluator: { run: () => ({ answer: Promise.reject(none), stop: () => undefined }), dispose: () => undefined },
    fetch: () => Promise.reject(none),
    environment: {},
    now: () => performance.timeOrigin + performance.now(),
    later,
    log,
    endWith: () => undefined,
  },
);

parentPort?.on("message", (message: object) => connection.receive([{ message: { jsonrpc: "2.0", ...message } }]));
