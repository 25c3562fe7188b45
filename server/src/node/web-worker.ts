// A thread of Node that is a web worker to the program of browsers: the same program serves in both.
import { parentPort, Worker, workerData } from "node:worker_threads";

interface Started {
  readonly name: string;
}

/** A web worker, as far as the program starts some of its own. */
class WebWorker {
  readonly #worker: Worker;

  constructor(address: string, { name }: Started) {
    this.#worker = new Worker(new URL(address), { workerData: { name } satisfies Started });
  }

  postMessage(message: unknown): void {
    this.#worker.postMessage(message);
  }

  addEventListener(type: "message" | "error", listener: (event: { data?: unknown; message?: string }) => void): void {
    if (type === "message") this.#worker.on("message", (data: unknown) => listener({ data }));
    else this.#worker.on("error", ({ message }: Error) => listener({ message }));
  }

  terminate(): void {
    void this.#worker.terminate();
  }
}

/** What a web worker finds in its global object. */
const scope = {
  name: (workerData as Started | null)?.name ?? "",
  location: { href: import.meta.url },
  Worker: WebWorker,
  postMessage: (message: unknown) => parentPort?.postMessage(message),
  close: () => process.exit(0),
  addEventListener: (type: string, listener: (event: { data?: unknown; reason?: unknown }) => void) => {
    if (type === "message") parentPort?.on("message", (data: unknown) => listener({ data }));
    if (type === "unhandledrejection") process.on("unhandledRejection", (reason) => listener({ reason }));
  },
};
for (const [name, value] of Object.entries(scope))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

await import(new URL("../web/server.js", import.meta.url).href);
