// The web worker that evaluates: the side that starts it, and the worker itself.
import { answerRequest } from "../evaluation-jobs.ts";
import type { StartThread, WorkerReply, WorkerRequest } from "../worker-evaluator.ts";
import type { Port, StartWorker } from "./port.ts";

/** The first message to the worker. */
interface Beginning {
  readonly unwanted: Int32Array | undefined;
}

/** Pages that are not isolated from others share no memory: then a worker keeps to the time limit itself, and is ended for all else. */
const sharesMemory = (): boolean => typeof SharedArrayBuffer !== "undefined";

export function threadsFrom(startWorker: StartWorker): StartThread {
  return ({ reply, failed }) => {
    const unwanted = sharesMemory() ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    const worker = startWorker("evaluation");
    worker.listen((message) => reply(message as WorkerReply));
    worker.onBroken((reason) => failed(new Error(reason)));
    worker.postMessage({ unwanted } satisfies Beginning);
    return {
      unwanted,
      send: (request) => worker.postMessage(request),
      end: () => worker.terminate(),
    };
  };
}

/** What the worker does. */
export function evaluateOn(port: Port): void {
  port.listen((beginning) => {
    const { unwanted } = beginning as Beginning;
    port.listen((request) => port.postMessage(answerRequest(request as WorkerRequest, unwanted)));
    port.postMessage("ready" satisfies WorkerReply);
  });
}
