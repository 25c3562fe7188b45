// The language server as a program: LSP over standard input and output.

import { encodeFrame, FrameReader } from "../rpc/frames.ts";
import { serve } from "../serve.ts";
import { diskHost } from "./disk-host.ts";
import { WorkerEvaluator } from "./worker-evaluator.ts";

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const reader = new FrameReader();
const evaluator = new WorkerEvaluator(log);
const connection = serve(
  {
    send: (message) => process.stdout.write(encodeFrame(message)),
    defer: (job) => setImmediate(job),
    exit: (code) => {
      evaluator.dispose();
      process.exitCode = code;
      // What was answered goes out first; nothing may keep the process alive after that.
      process.stdout.write("", () => process.exit(code));
    },
    log,
  },
  {
    host: diskHost(log),
    evaluator,
    fetch: (...args) => fetch(...args),
    environment: process.env,
    now: () => performance.timeOrigin + performance.now(),
    later: (milliseconds, job) => {
      const timer = milliseconds === 0 ? undefined : setTimeout(job, milliseconds);
      const immediate = milliseconds === 0 ? setImmediate(job) : undefined;
      return () => {
        clearTimeout(timer);
        if (immediate !== undefined) clearImmediate(immediate);
      };
    },
    log,
  },
);
process.stdin.on("data", (bytes: Buffer) => connection.receive(reader.push(bytes)));
process.stdin.on("end", () => connection.close());
process.on("uncaughtException", (error) => log(`uncaught: ${error.stack ?? error.message}`));
process.on("unhandledRejection", (reason) =>
  log(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
);
