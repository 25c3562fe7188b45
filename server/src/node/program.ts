// LSP over standard input and output.
import { encodeFrame, FrameReader } from "../rpc/frames.ts";
import { serve } from "../serve.ts";
import { WorkerEvaluator } from "../worker-evaluator.ts";
import { diskHost } from "./disk-host.ts";
import { pauseLess } from "./engine-flags.ts";
import { threadsOf } from "./evaluation-thread.ts";
import { startLane } from "./lane.ts";
import { later } from "./later.ts";

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Milliseconds between two looks at the process that started us. */
const watchEvery = 3000;
const watched = new Set<number>();

/** A process that cannot be seen now lives where ids are counted otherwise; then the end of the input tells enough. */
function endWith(processId: number): void {
  if (watched.has(processId) || !isAlive(processId)) return;
  watched.add(processId);
  setInterval(() => isAlive(processId) || connection.close(), watchEvery).unref();
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const reader = new FrameReader();
const evaluator = new WorkerEvaluator(log, threadsOf());
const connection = serve(
  {
    send: (message) => process.stdout.write(encodeFrame(message)),
    pass: (frame) => frame instanceof Uint8Array && process.stdout.write(frame),
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
    startLane,
    fetch: (...args) => fetch(...args),
    errorPages: `${new URL("../docs/errors.md", import.meta.url).href}#{code}`,
    environment: process.env,
    now: () => performance.timeOrigin + performance.now(),
    later,
    log,
    runtime: () => ({
      platform: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      memory: process.memoryUsage.rss(),
    }),
    typed: pauseLess,
    endWith,
  },
);
const started = /^--clientProcessId=(\d+)$/u.exec(process.argv.find((one) => one.startsWith("--clientProcessId=")) ?? "")?.[1];
if (started !== undefined) endWith(Number(started));

process.stdin.on("data", (bytes: Buffer) => connection.receive(reader.push(bytes)));
process.stdin.on("end", () => connection.close());
process.on("uncaughtException", (error) => log(`uncaught: ${error.stack ?? error.message}`));
process.on("unhandledRejection", (reason) =>
  log(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
);
