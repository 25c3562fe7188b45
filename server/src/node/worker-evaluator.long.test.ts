// The evaluation thread: its start takes no job's time, a job that is dropped while it starts does not end it, an endless one does.
import { afterAll, expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { EvaluationJob } from "../evaluator.ts";
import { WorkerEvaluator } from "../worker-evaluator.ts";
import { threadsOf } from "./evaluation-thread.ts";

function job(text: string, timeout: number): EvaluationJob {
  const checked = checkModules([parseModule(`package p\n\n${text}\n`, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p/r"] });
  if (module === undefined) throw new Error("not compiled");
  const questions = [{ entrypoint: "p/r", input: undefined, mocks: undefined }];
  return { key: text, module, dataKey: "none", data: "{}", questions, now: 0n, timeout };
}

const evaluator = new WorkerEvaluator(() => undefined, threadsOf(), { grace: 5000 });
afterAll(() => evaluator.dispose());

async function decisionOf(asked: EvaluationJob): Promise<string> {
  const { answers } = await evaluator.run(asked).answer;
  const answer = answers[0]!.answer;
  return answer.kind === "value" ? answer.json : answer.kind;
}

test("the first job is answered though the thread takes longer to start than the job may take", async () => {
  expect(await decisionOf(job("r := 1 + 1", 300))).toBe("2");
});

test("jobs dropped while the thread starts leave the next one alone", async () => {
  for (let round = 0; round < 3; round++) {
    const dropped = evaluator.run(job("r := 1", 300));
    dropped.stop();
    await expect(dropped.answer).rejects.toThrow("no longer wanted");
  }
  expect(await decisionOf(job("r := 3", 300))).toBe("3");
});

const endless = "r := count([1 | some a in numbers.range(1, 20000); some b in numbers.range(1, 20000); a + b < 0])";
/** A thread that never looks up from one kind of job. */
const deaf = new URL(`data:text/javascript,
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", ({ id, key }) => {
    while (key === "deaf");
    parentPort.postMessage({ id, answer: { answers: [{ answer: { kind: "value", json: "4" }, prints: [], ms: 0 }] } });
  });
  parentPort.postMessage("ready");`);

/** Milliseconds that the job behind each of three endings waits: the quickest, for other programs may keep the processor. */
async function quickestAfter(ending: () => Promise<void>, next: () => Promise<unknown>): Promise<number> {
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) {
    await ending();
    const start = performance.now();
    await next();
    waits.push(performance.now() - start);
  }
  return Math.min(...waits);
}

test("an evaluation that takes too long ends with the rule's place, and its thread goes on", async () => {
  await decisionOf(job("r := 1", 300));
  const wait = await quickestAfter(
    async () => {
      const failed = await evaluator.run(job(endless, 300)).answer.catch((error: unknown) => error);
      expect(failed).toMatchObject({
        message: "the evaluation took longer than 300 ms",
        place: { file: "p.rego", row: 3 },
      });
    },
    async () => expect(await decisionOf(job("r := 1", 300))).toBe("1"),
  );
  expect(wait).toBeLessThan(100);
});

test("a thread that cannot be stopped is replaced within 100 ms", async () => {
  const stubborn = new WorkerEvaluator(() => undefined, threadsOf(deaf));
  const wait = await quickestAfter(
    () => expect(stubborn.run({ ...job("r := 1", 300), key: "deaf" }).answer).rejects.toThrow("longer than 300 ms"),
    async () => expect((await stubborn.run(job("r := 4", 300)).answer).answers).toHaveLength(1),
  );
  expect(wait).toBeLessThan(100);
  stubborn.dispose();
});

test("an evaluation that is no longer wanted makes room at once", async () => {
  await decisionOf(job("r := 1", 300));
  const wait = await quickestAfter(
    () => {
      const dropped = evaluator.run(job(endless, 60_000));
      setTimeout(dropped.stop, 20);
      return expect(dropped.answer).rejects.toThrow("no longer wanted");
    },
    async () => expect(await decisionOf(job("r := 5", 300))).toBe("5"),
  );
  expect(wait).toBeLessThan(100);
});

test("after bad input, data or bytes the thread goes on with the next job", async () => {
  const good = job("r := 6", 5000);
  const nested = "[".repeat(100_000) + "]".repeat(100_000);
  const deep = { ...job("r := input", 5000), questions: [{ entrypoint: "p/r", input: nested, mocks: undefined }] };
  const { answers } = await evaluator.run(deep).answer;
  expect(answers[0]?.answer).toMatchObject({ kind: "error", error: { code: "rw_limit_error" } });
  expect(await decisionOf(good)).toBe("6");

  const broken = { ...job("r := data", 5000), key: "broken", dataKey: "broken", data: '{"a": ' };
  await expect(evaluator.run(broken).answer).rejects.toThrow("the data is not a JSON document");
  expect(await decisionOf(good)).toBe("6");

  const foreign = { ...good, key: "foreign", module: { ...good.module, bytes: Uint8Array.of(0, 1, 2, 3) } };
  await expect(evaluator.run(foreign).answer).rejects.toThrow("this is no WebAssembly module");
  expect(await decisionOf(good)).toBe("6");

  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const other = { ...good, key: "other", module: { ...good.module, bytes: empty } };
  await expect(evaluator.run(other).answer).rejects.toThrow("this WebAssembly module is no policy");
  expect(await decisionOf(good)).toBe("6");
});

test("data and input of 500 MB are refused before a thread gets them", async () => {
  const long = `"${"x".repeat(500_000_000)}"`;
  const big = { ...job("r := data", 5000), dataKey: "big", data: `{"a": ${long}}` };
  await expect(evaluator.run(big).answer).rejects.toThrow("the data needs more memory than it may have");
  const asked = { ...job("r := input", 5000), questions: [{ entrypoint: "p/r", input: long, mocks: undefined }] };
  await expect(evaluator.run(asked).answer).rejects.toThrow("the input needs more memory than it may have");
  expect(await decisionOf(job("r := 7", 5000))).toBe("7");
});

test("a conflict and a result of 1 GB are told with the policy line, and the thread goes on", async () => {
  const failure = async (text: string): Promise<unknown> => (await evaluator.run(job(text, 20_000)).answer).answers[0]?.answer;
  const conflict = { code: "eval_conflict_error", place: { file: "p.rego", row: 4 } };
  expect(await failure("r := 1 if 1 < 2\nr := 2 if 3 > 2")).toMatchObject({ kind: "error", error: conflict });
  expect(await decisionOf(job("r := 8", 5000))).toBe("8");

  const long =
    'r := concat("", [t | some i in numbers.range(1, 1024)])\nt := concat("", ["x" | some i in numbers.range(1, 1000000)])';
  const limit = { code: "rw_limit_error", place: { file: "p.rego", row: 3 } };
  expect(await failure(long)).toMatchObject({ kind: "error", error: limit });
  expect(await decisionOf(job("r := 8", 5000))).toBe("8");
});

test("a builtin that throws is told with the policy line, and the thread goes on", async () => {
  const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const broken = new URL(`data:text/javascript,
    import { hostBuiltins } from ${here("../../../evaluation/src/builtins/index.ts")};
    hostBuiltins.set("rand.intn", () => { throw new TypeError("no such thing"); });
    await import(${here("./evaluation-worker.ts")});`);
  const throwing = new WorkerEvaluator(() => undefined, threadsOf(broken));
  const thrown = await throwing.run(job('r := 1 if true\n\nr := 2 if rand.intn("a", 10) > 20', 20_000)).answer;
  expect(thrown.answers[0]?.answer).toMatchObject({
    kind: "error",
    error: { code: "eval_internal_error", message: "rand.intn failed: no such thing", place: { file: "p.rego", row: 5 } },
  });
  const next = await throwing.run(job("r := 9", 5000)).answer;
  expect(next.answers[0]?.answer).toMatchObject({ kind: "value", json: "9" });
  throwing.dispose();
});

test("a thread whose heap is full is told as such and replaced", async () => {
  const greedy = new URL(`data:text/javascript,
    import { parentPort } from "node:worker_threads";
    const kept = [];
    parentPort.on("message", ({ id, key }) => {
      while (key === "greedy") kept.push(new Array(100000).fill(0.5));
      parentPort.postMessage({ id, answer: { answers: [] } });
    });
    parentPort.postMessage("ready");`);
  const full = new WorkerEvaluator(() => undefined, threadsOf(greedy));
  await expect(full.run({ ...job("r := 1", 20_000), key: "greedy" }).answer).rejects.toThrow(
    "the evaluation needs more memory than it may have",
  );
  expect(await full.run(job("r := 1", 20_000)).answer).toEqual({ answers: [] });
  full.dispose();
});

test("a thread that never says it is ready is given up, and its job says so", async () => {
  const silent = new URL("data:text/javascript,setInterval(() => {}, 1000)");
  const stuck = new WorkerEvaluator(() => undefined, threadsOf(silent), { startLimit: 200 });
  await expect(stuck.run(job("r := 1", 300)).answer).rejects.toThrow("the evaluation thread was not ready after 200 ms");
  stuck.dispose();
});
