// The questions of a job on an instance that is used again.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { Workspace } from "#workspace/workspace.ts";
import { answerJob, loadModule } from "./evaluate-job.ts";

test("the cases of a run that was cancelled are not those of the next", async () => {
  const text = "package a_test\n\ntest_one[n] if some n in [1, 2]\n";
  const workspace = new Workspace(memoryHost({ "/w/a_test.rego": text }));
  await workspace.setFolders(["/w"]);
  const compiled = workspace.project("/w").compilation.module(["a_test/test_one"]);
  if ("problem" in compiled) throw new Error(compiled.problem);
  const instance = loadModule(compiled.module);
  const job = {
    key: "",
    dataKey: "",
    questions: [{ entrypoint: "a_test/test_one", input: undefined, mocks: undefined }],
    now: 0n,
  };
  let evaluations = 0;
  // Found to be unwanted when it is done already.
  answerJob(instance, job, { clock: () => 0, cancelled: () => evaluations++ > 0 });
  const next = answerJob(instance, job, { clock: () => 0, cancelled: () => false });
  expect("answers" in next && next.answers[0]!.cases).toEqual([["1"], ["2"]]);
});
