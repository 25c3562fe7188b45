// The debug adapter over standard input and output, for editors that start one themselves: `rw dap`.
import { Adapter } from "../debug/adapter.ts";
import { Ground, slashed } from "../debug/ground.ts";
import { Inputs } from "../inputs.ts";
import { Connection } from "../rpc/connection.ts";
import { encodeFrame, FrameReader } from "../rpc/frames.ts";
import { Session } from "../session.ts";
import { WorkerEvaluator } from "../worker-evaluator.ts";
import { diskHost } from "./disk-host.ts";
import { threadsOf } from "./evaluation-thread.ts";
import { later } from "./later.ts";

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const evaluator = new WorkerEvaluator(log, threadsOf());
// A session without a client of its own: nobody asks it but the adapter.
const silent = {
  send: () => undefined,
  pass: () => undefined,
  defer: (job: () => void) => setImmediate(job),
  exit: () => undefined,
  log,
};
const session = new Session(new Connection(silent), {
  host: diskHost(log),
  evaluator,
  fetch: (...args) => fetch(...args),
  environment: process.env,
  now: () => performance.timeOrigin + performance.now(),
  later,
  log,
  endWith: () => undefined,
});
session.loaded = session.workspace.setFolders([slashed(process.cwd())]);

const adapter = new Adapter(new Ground(session, new Inputs(session)), (message) => {
  process.stdout.write(encodeFrame(message));
  if (message.type === "response" && message.command === "disconnect") end();
});

function end(): void {
  adapter.dispose();
  evaluator.dispose();
  process.stdout.write("", () => process.exit(0));
}

const reader = new FrameReader();
process.stdin.on("data", (bytes: Buffer) => {
  for (const frame of reader.push(bytes))
    if ("fault" in frame) log(frame.fault);
    else void adapter.receive(frame.message);
});
process.stdin.on("end", end);
process.on("uncaughtException", (error) => log(`uncaught: ${error.stack ?? error.message}`));
