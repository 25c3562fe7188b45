// A worker for the tests of the pool: gives each job back, or says that it cannot.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", (job: unknown) => parentPort?.postMessage(job === "bad" ? { fault: "bad job" } : { result: job }));
