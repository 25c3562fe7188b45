// The thread in which the gates run, one version after the other.
import { parentPort } from "node:worker_threads";
import { checkVersion } from "./gate-run.ts";
import type { GateInput, GateMessage } from "./gates.ts";

const tell = (message: GateMessage): void => parentPort?.postMessage(message);

parentPort?.on("message", (input: GateInput) => {
  tell({ kind: "begun" });
  tell({ kind: "done", report: checkVersion(input, (place) => tell({ kind: "place", place })) });
});
