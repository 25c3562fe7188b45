// The evaluation thread: its start takes no job's time, a job that is dropped while it starts does not end it, an endless one does.
import { afterEach, expect, test } from "vitest";
import { checkModules } from "#analysis/rego/check.ts";
import { compile } from "#compiler/compile.ts";
import { parseModule } from "#grammars/rego/parse.ts";
import type { EvaluationJob } from "../evaluator.ts";
import { WorkerEvaluator } from "./worker-evaluator.ts";

function job(text: string, timeout: number): EvaluationJob {
  const checked = checkModules([parseModule(`package p\n\n${text}\n`, { file: "p.rego" })]);
  const { module } = compile(checked, { entrypoints: ["p/r"] });
  if (module === undefined) throw new Error("not compiled");
  const questions = [{ entrypoint: "p/r", input: undefined }];
  return { key: text, module, dataKey: "none", data: "{}", questions, now: 0n, timeout };
}

const evaluator = new WorkerEvaluator(() => undefined);
afterEach(() => evaluator.dispose());

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

test("an evaluation that takes too long ends, and the next job has a new thread", async () => {
  const endless = evaluator.run(
    job("r := count([1 | some a in numbers.range(1, 20000); some b in numbers.range(1, 20000)])", 300),
  );
  await expect(endless.answer).rejects.toThrow("longer than 300 ms");
  expect(await decisionOf(job("r := 4", 300))).toBe("4");
});

test("a thread that never says it is ready is given up, and its job says so", async () => {
  const silent = new URL("data:text/javascript,setInterval(() => {}, 1000)");
  const stuck = new WorkerEvaluator(() => undefined, { file: silent, startLimit: 200 });
  await expect(stuck.run(job("r := 1", 300)).answer).rejects.toThrow("the evaluation thread was not ready after 200 ms");
  stuck.dispose();
});
