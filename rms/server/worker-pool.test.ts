// The pool of workers: jobs are done in turn, too many are refused, and closing ends also with a worker that answers in the middle of it.
import { expect, test } from "vitest";
import { type JobError, WorkerPool } from "./worker-pool.ts";

const pool = (waiting = 10) =>
  new WorkerPool<string, string>("echo-worker.test-helper", undefined, { workers: 1, waiting, time: 5000, heap: 64 });

const kind = (error: JobError): string => error.kind;

test("jobs are answered, a fault is told, and what is too much is refused at once", async () => {
  const echo = pool(1);
  const answers = [echo.run("a"), echo.run("bad").catch(kind), echo.run("c").catch(kind)];
  expect(await Promise.all(answers)).toEqual(["a", "failed", "busy"]);
  await echo.close();
  expect(await echo.run("d").catch(kind)).toBe("failed");
});

test("closing ends though an answer is on its way", async () => {
  const echo = pool();
  await echo.run("started");
  const last = echo.run("last").catch(kind);
  // The answer arrives while this thread does nothing else, and is read only after the worker was told to end.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  await echo.close();
  expect(await last).toBe("last");
});

test("a worker whose heap has grown large is not kept for the next job", async () => {
  const limits = { workers: 1, waiting: 10, time: 5000, heap: 64, rest: 50 };
  const echo = new WorkerPool<string, string>("echo-worker.test-helper", undefined, limits);
  const first = await echo.run("small");
  expect(await echo.run("large")).toBe(first);
  expect(await echo.run("small")).not.toBe(first);
  await echo.close();
});

test("jobs that may take long leave a worker, and room to wait, to the others", async () => {
  const limits = { workers: 2, waiting: 4, time: 5000, heap: 64 };
  const echo = new WorkerPool<string, string>("echo-worker.test-helper", undefined, limits);
  const done: string[] = [];
  const run = (job: string, time?: number): Promise<unknown> => echo.run(job, time).then((result) => done.push(result), kind);
  const long = ["wait 600 a", "wait 600 b", "wait 600 c"].map((job) => run(job, 20_000));
  // One runs, one waits, and a third would keep others from waiting.
  const fourth = run("wait 600 d", 20_000);
  expect(await Promise.race([fourth, long[2]])).toBe("busy");
  await Promise.all([run("short"), run("again")]);
  expect(done).toEqual(["short", "again"]);
  await Promise.all(long);
  expect(done.slice(2)).toEqual(["wait 600 a", "wait 600 b"]);
  await echo.close();
});
