// What the thread that evaluates does: keeps the last modules with their data and answers one job at a time.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Instance } from "#evaluation/instance.ts";
import { answerApart, answerJob, loadModule, loadModuleOnDataOf } from "./evaluate-job.ts";
import type { WorkerReply, WorkerRequest } from "./worker-evaluator.ts";

interface Loaded {
  readonly module: EmittedModule;
  /** Undefined before the first question, and when a newer module has taken the data over. */
  instance: Instance | undefined;
  dataKey: string | undefined;
}

const modules = new Map<string, Loaded>();
const documents = new Map<string, string>();

/** Answers a job; `unwanted` holds the number of one that is not wanted any more, where the thread can be told. */
export function answerRequest(request: WorkerRequest, unwanted: Int32Array | undefined): WorkerReply {
  const { id, limit = Number.POSITIVE_INFINITY } = request;
  try {
    for (const key of request.forget) {
      modules.delete(key);
      documents.delete(key);
    }
    if (request.data !== undefined) documents.set(request.dataKey, request.data);
    if (request.module !== undefined)
      modules.set(request.key, { module: request.module, instance: undefined, dataKey: undefined });
    const loaded = modules.get(request.key);
    if (loaded === undefined) return { id, fault: "the module is not loaded" };
    const end = performance.now() + limit;
    const cancelled = unwanted === undefined ? () => performance.now() > end : () => Atomics.load(unwanted, 0) === id;
    const ports = { clock: () => performance.now(), cancelled };
    const apart = answerApart(loaded.module, documents.get(request.dataKey), request, ports);
    if (apart !== undefined) return "fault" in apart ? { id, fault: apart.fault } : { id, answer: apart };
    const instance = instanceOn(loaded, request.dataKey);
    if ("fault" in instance) return { id, fault: instance.fault };
    return { id, answer: answerJob(instance, request, ports) };
  } catch (error) {
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The module with the document: as it is, on the data of a module that had the same, or loaded anew. */
function instanceOn(loaded: Loaded, dataKey: string): Instance | { readonly fault: string } {
  if (loaded.instance !== undefined && loaded.dataKey === dataKey) return loaded.instance;
  const holder = [...modules.values()].find((one) => one.instance !== undefined && one.dataKey === dataKey);
  const holding = holder?.instance;
  if (holder !== undefined) holder.instance = undefined;
  const kept = holding && loadModuleOnDataOf(holding, loaded.module);
  if (holder !== undefined && kept === undefined) holder.instance = holding;
  const instance = kept ?? loaded.instance ?? loadModule(loaded.module);
  loaded.instance = instance;
  loaded.dataKey = dataKey;
  const fault = kept === undefined ? instance.setData(documents.get(dataKey)) : undefined;
  if (fault === undefined) return instance;
  loaded.dataKey = undefined;
  return { fault: fault.message };
}
