// The thread that evaluates, as a program.
import { parentPort, workerData } from "node:worker_threads";
import { answerRequest } from "../evaluation-jobs.ts";
import type { WorkerReply, WorkerRequest } from "../worker-evaluator.ts";

parentPort?.on("message", (request: WorkerRequest) => parentPort?.postMessage(answerRequest(request, workerData as Int32Array)));
parentPort?.postMessage("ready" satisfies WorkerReply);
