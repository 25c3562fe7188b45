// A worker of a browser or of Node, seen as one thing: messages go in, and messages and failures come out.

/** A `Worker` of a browser. */
export interface BrowserWorker {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly message: string }) => void): void;
  terminate(): unknown;
}

/** A `Worker` of `node:worker_threads`. */
export interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "exit", listener: (code: number) => void): unknown;
  terminate(): unknown;
}

export type ServerWorker = BrowserWorker | NodeWorker;

export interface WorkerEvents {
  message(message: unknown): void;
  broken(reason: string): void;
}

export function listenTo(worker: ServerWorker, events: WorkerEvents): void {
  if ("addEventListener" in worker) {
    worker.addEventListener("message", ({ data }) => events.message(data));
    worker.addEventListener("error", ({ message }) => events.broken(message || "the browser does not start the worker"));
    return;
  }
  worker.on("message", (message) => events.message(message));
  worker.on("error", (error) => events.broken(error.message));
  worker.on("exit", (code) => events.broken(`its thread ended with ${code}`));
}
