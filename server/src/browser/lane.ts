// A server in a web worker, for one large file: the side that starts it, and the worker itself, which has no files and evaluates nothing.
import type { StartLane } from "../lane.ts";
import type { Id, Passed } from "../rpc/connection.ts";
import { servedLane } from "../served-lane.ts";
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
  const receive = servedLane({
    send: (message, answers) => port.postMessage({ message: message as Passed, answers } satisfies Said),
    defer: (job) => void later(0, job),
    later,
    log: () => undefined,
  });
  port.listen((message) => receive(message as object));
}
