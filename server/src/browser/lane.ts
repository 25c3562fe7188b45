// A server in a web worker, for one large file: the side that starts it, and the worker itself, which has no files and evaluates nothing.
import { memoryHost } from "#workspace/host.ts";
import type { StartLane } from "../lane.ts";
import type { Id, Passed } from "../rpc/connection.ts";
import { serve } from "../serve.ts";
import { later } from "./later.ts";
import type { Port, StartWorker } from "./port.ts";

interface Said {
  readonly message: Passed;
  readonly answers: Id | undefined;
}

export function lanesFrom(startWorker: StartWorker): StartLane {
  return (events) => {
    const worker = startWorker("lane");
    worker.listen((said) => {
      const { message, answers } = said as Said;
      events.frame(message, answers);
    });
    worker.onBroken((reason) => {
      worker.terminate();
      events.lost(reason);
    });
    return {
      send: (message) => worker.postMessage(message),
      stop: () => worker.terminate(),
    };
  };
}

/** What the worker does. */
export function serveLaneOn(port: Port): void {
  const none = new Error("large files are not evaluated");
  const log = (): void => undefined;
  const connection = serve(
    {
      send: (message) => {
        const { id, method } = message as { id?: Id; method?: string };
        port.postMessage({ message: message as Passed, answers: method === undefined ? id : undefined } satisfies Said);
      },
      pass: () => undefined,
      defer: (job) => void later(0, job),
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
  port.listen((message) => connection.receive([{ message: { jsonrpc: "2.0", ...(message as object) } }]));
}
