// Rules in, the paths of the input that they read out.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { inputReads } from "./input-reads.ts";

const readsOf = async (rules: string): Promise<readonly string[] | undefined> =>
  inputReads(await openProject(memoryHost({ "/p/a.rego": `package a\n\n${rules}\n` }), "/p"), ["a/r"])
    .get("a/r")
    ?.toSorted();

test.each([
  ["r := input", ["input"]],
  ["r if some v in input", ["input"]],
  ['r := json.filter(input, ["role"])', ["input"]],
  ["r := f(input)\n\nf(x) := x.role", ["input"]],
  ["r if {\n\ti := input\n\ti.role\n}", ["input"]],
  ["r := input.roles[0]", ["input.roles"]],
  ["r := input[input.key]", ["input", "input.key"]],
  ['r := input["a-b"]["c.d"]', ["input.a-b.c.d"]],
  ["r if other\n\nother if input.x\n\nelse if input.y", ["input.x", "input.y"]],
  ["r if {\n\tx := other with input.a as input.b\n\tx\n}\n\nother if input.c", ["input.b", "input.c"]],
  ["import input.user as u\n\nr := u[0]", ["input.user"]],
  ["r := 1", []],
])("%s", async (rules, reads) => {
  expect(await readsOf(rules)).toEqual(reads);
});

test("a package may read anything", async () => {
  expect(await readsOf("s := input.x")).toBeUndefined();
});
