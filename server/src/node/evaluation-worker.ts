// The thread that evaluates: keeps the last modules with their data and answers one job at a time.
import { parentPort } from "node:worker_threads";
import type { Instance } from "#evaluation/instance.ts";
import { answerJob, loadModule } from "../evaluate-job.ts";
import type { WorkerReply, WorkerRequest } from "./worker-evaluator.ts";

interface Loaded {
  readonly instance: Instance;
  dataKey: string | undefined;
}

const modules = new Map<string, Loaded>();
const documents = new Map<string, string>();

function answer(request: WorkerRequest): WorkerReply {
  const { id } = request;
  try {
    for (const key of request.forget) {
      modules.delete(key);
      documents.delete(key);
    }
    if (request.data !== undefined) documents.set(request.dataKey, request.data);
    if (request.module !== undefined) modules.set(request.key, { instance: loadModule(request.module), dataKey: undefined });
    const loaded = modules.get(request.key);
    if (loaded === undefined) return { id, fault: "the module is not loaded" };
    if (loaded.dataKey !== request.dataKey) {
      const fault = loaded.instance.setData(documents.get(request.dataKey));
      if (fault !== undefined) return { id, fault: fault.message };
      loaded.dataKey = request.dataKey;
    }
    return { id, answer: answerJob(loaded.instance, request, () => performance.now()) };
  } catch (error) {
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on("message", (request: WorkerRequest) => parentPort?.postMessage(answer(request)));
parentPort?.postMessage("ready" satisfies WorkerReply);
