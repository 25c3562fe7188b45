// The language server over a message port: LSP's messages as they are, the files through the client, the rest in workers.
import { memoryHost } from "#workspace/host.ts";
import type { Connection } from "../rpc/connection.ts";
import { serve } from "../serve.ts";
import { WorkerEvaluator } from "../worker-evaluator.ts";
import { threadsFrom } from "./evaluation.ts";
import { lanesFrom } from "./lane.ts";
import { later } from "./later.ts";
import type { Port, StartWorker } from "./port.ts";

/** LSP's `Info`. */
const info = 3;

/** A browser does not say why it has no answer: mostly the server was not told that pages of this origin may ask it. */
function explained(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const { origin } = globalThis;
  return new TypeError(`${error.message}: a web page may only ask an RMS that \`rms serve --cors-origin ${origin}\` lets it ask`);
}

/** Serves the client at the other end; `exit` ends the worker. */
export function serveOn(port: Port, startWorker: StartWorker, exit: () => void): Connection {
  const log = (message: string): void =>
    port.postMessage({ jsonrpc: "2.0", method: "window/logMessage", params: { type: info, message } });
  const evaluator = new WorkerEvaluator(log, threadsFrom(startWorker));
  const connection = serve(
    {
      send: (message) => port.postMessage(message),
      pass: (message) => port.postMessage(message),
      defer: (job) => void later(0, job),
      exit: () => {
        evaluator.dispose();
        exit();
      },
      log,
    },
    {
      // Every file is the client's.
      host: memoryHost({}, () => BigInt(Date.now()) * 1_000_000n),
      evaluator,
      startLane: lanesFrom(startWorker),
      fetch: (...args) => fetch(...args).catch((error: unknown) => Promise.reject(explained(error))),
      environment: {},
      now: () => performance.timeOrigin + performance.now(),
      later,
      log,
      runtime: () => ({ platform: navigator.userAgent }),
      endWith: () => undefined,
    },
  );
  port.listen((message) => connection.receive([{ message }]));
  return connection;
}
