// The thread in which the gates run.
import { parentPort, workerData } from "node:worker_threads";
import { checkVersion } from "./gate-run.ts";
import type { GateInput, GateMessage } from "./gates.ts";

const tell = (message: GateMessage): void => parentPort?.postMessage(message);
tell({ kind: "done", report: checkVersion(workerData as GateInput, (place) => tell({ kind: "place", place })) });
