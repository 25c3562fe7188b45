// The thread in which the gates of one version run.
import { parentPort } from "node:worker_threads";
import { checkVersion } from "./gate-run.ts";
import type { GateInput, GateMessage } from "./gates.ts";

const tell = (message: GateMessage): void => parentPort?.postMessage(message);

parentPort?.once("message", (input: GateInput) => {
  tell({ kind: "begun" });
  tell({ kind: "done", report: checkVersion(input, (place) => tell({ kind: "place", place })) });
});
