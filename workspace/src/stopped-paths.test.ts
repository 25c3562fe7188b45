// Which paths the errors of a project keep from being evaluated, and with which error: files and paths in, a line for each path out.
import { expect, test } from "vitest";
import { finish } from "#grammars/text/steps.ts";
import { memoryHost } from "./host.ts";
import { openProject } from "./workspace.ts";

const fine = {
  "/p/a.rego": "package a\n\np := 1\n",
  "/p/a_test.rego": "package a_test\n\nimport data.a\n\ntest_p if a.p == 1\n",
  "/p/b_test.rego": "package b_test\n\nimport data.b\n\ntest_p if b.p == 1\n",
};

async function stopped(others: Readonly<Record<string, string>>, ...paths: readonly string[]): Promise<readonly string[]> {
  const project = await openProject(memoryHost({ ...fine, ...others }), "/p");
  const found = finish(project.compilation.stoppedSteps(paths));
  return paths.map((path) => found.get(path)?.problem.replace("the policies have errors: ", "") ?? "runs");
}

const tests = ["data.a_test.test_p", "data.b_test.test_p"];

test.each([
  ["no error", "package b\n\np := 1\n", "runs"],
  ["a text that cannot be read", 'package b\n\np := "\n', "b.rego:3: non-terminated string"],
  ["an unsafe variable", "package b\n\np := x\n", "b.rego:3: var x is unsafe"],
  ["a type error", "package b\n\np := 1 if input.x == lower(1)\n", "b.rego:3: lower: invalid argument(s)"],
])("%s stops what leads to its file, and nothing else", async (_, text, problem) => {
  expect(await stopped({ "/p/b.rego": text }, ...tests)).toEqual(["runs", problem]);
});

test("an error of a later stage, which another file's error hides, stops what leads to it too", async () => {
  const others = {
    "/p/b.rego": "package b\n\np := x\n",
    "/p/a.rego": "package a\n\np := lower(1)\n",
    "/p/c.rego": "package c\n\np := 1\n",
  };
  expect(await stopped(others, ...tests, "data.c.p")).toEqual([
    "a.rego:3: lower: invalid argument(s)",
    "b.rego:3: var x is unsafe",
    "runs",
  ]);
});

test("what follows from a text that cannot be read is told with that text; all of `data` leads everywhere", async () => {
  const others = {
    "/p/b.rego": 'package b\n\nf(x) := "\n',
    "/p/c.rego": "package c\n\np := data.b.f(1)\n",
    "/p/d.rego": "package d\n\np := data\n",
  };
  const line = "b.rego:3: non-terminated string";
  expect(await stopped(others, "data.c.p", "data.d.p", "data.a.p")).toEqual([line, line, "runs"]);
});
