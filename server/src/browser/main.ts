// The program of all web workers: the language server; in workers that it starts, evaluation, or the server of one large file.
import { evaluateOn } from "./evaluation.ts";
import { serveLaneOn } from "./lane.ts";
import type { Port, Role, StartWorker } from "./port.ts";
import { serveOn } from "./server.ts";

interface Global {
  /** The name that the worker was started with. */
  readonly name: string;
  readonly location: { readonly href: string };
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "unhandledrejection", listener: (event: { readonly reason: unknown }) => void): void;
}

const global = globalThis as unknown as Global;

/** One listener at a time. */
function portOf(target: Pick<Global, "postMessage"> & { addEventListener: Listening }): Port {
  let listener: (message: unknown) => void = () => undefined;
  target.addEventListener("message", ({ data }) => listener(data));
  return {
    postMessage: (message) => target.postMessage(message),
    listen: (to) => {
      listener = to;
    },
  };
}

type Listening = (type: "message", listener: (event: { readonly data: unknown }) => void) => void;

/** Before the role, in the name of a worker. */
const prefix = "rulewright-";

const startWorker: StartWorker = (role) => {
  const worker = new Worker(global.location.href, { name: `${prefix}${role}` });
  return {
    ...portOf(worker),
    onBroken: (listener) =>
      worker.addEventListener("error", ({ message }) => listener(message || "the browser does not start the worker")),
    terminate: () => worker.terminate(),
  };
};

const port = portOf(global);

const programs: Record<Role, () => void> = {
  evaluation: () => evaluateOn(port),
  lane: () => serveLaneOn(port),
};

const role = global.name.startsWith(prefix) ? global.name.slice(prefix.length) : "";
if (role === "evaluation" || role === "lane") programs[role]();
else {
  serveOn(port, startWorker, () => global.close());
  // What nobody waited for is told, and the server goes on.
  global.addEventListener("unhandledrejection", ({ reason }) => {
    const message = `unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`;
    global.postMessage({ jsonrpc: "2.0", method: "window/logMessage", params: { type: 1, message } });
  });
}
