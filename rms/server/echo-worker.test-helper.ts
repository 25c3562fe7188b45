// A worker for the tests of the pool: gives each job back, or says that it cannot, or which thread it is and how large its heap; `wait 600` after so many milliseconds.
import { parentPort, threadId } from "node:worker_threads";

parentPort?.on("message", (job: unknown) => {
  if (job === "bad") parentPort?.postMessage({ fault: "bad job" });
  else if (job === "small" || job === "large") parentPort?.postMessage({ result: threadId, heap: job === "large" ? 100 : 10 });
  else setTimeout(() => parentPort?.postMessage({ result: job }), Number(/^wait (\d+)/.exec(String(job))?.[1] ?? 0));
});
