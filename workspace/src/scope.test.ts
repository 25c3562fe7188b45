// Only what an entrypoint leads to has to be right.
import { expect, test } from "vitest";
import { createInstance } from "#evaluation/instance.ts";
import { memoryHost } from "./host.ts";
import { openProject } from "./workspace.ts";

test("only what an entrypoint leads to is compiled, and a fault elsewhere does not stop it", async () => {
  const project = await openProject(
    memoryHost({
      "/p/a.rego": "package a\n\nimport data.b\n\nx := b.f(1)\n",
      "/p/b.rego": "package b\n\nf(n) := n + 1\n",
      "/p/broken.rego": "package broken\n\nx := nope(1)\n",
    }),
    "/p",
  );
  expect("module" in project.compilation.module(["a/x"])).toBe(true);
  expect(project.compilation.module(["broken/x"])).toMatchObject({
    problem: "the policies have errors: broken.rego:3: undefined function nope",
  });
});

/** The decision of an entrypoint, without an input. */
async function decided(files: Readonly<Record<string, string>>, entrypoint: string): Promise<string> {
  const project = await openProject(memoryHost(files), "/p");
  const compiled = project.compilation.module([entrypoint]);
  if ("problem" in compiled) return compiled.problem;
  const outcome = createInstance(compiled.module, { now: project.now }).evaluate(entrypoint, undefined);
  return outcome.kind === "error" ? outcome.error.message : outcome.text;
}

test("a document that is read as a whole is all of it, the packages below it too", async () => {
  const policies = {
    "/p/a.rego": "package a\n\nx := 1\n",
    "/p/ab.rego": "package a.b\n\ny := 2\n",
    "/p/other.rego": "package other\n\nz := 3\n",
  };
  const whole = '{"b":{"y":2},"x":1}';
  expect(await decided({ ...policies, "/p/q.rego": "package q\n\nr := data.a\n" }, "q/r")).toBe(`[{"result":${whole}}]`);
  expect(await decided({ ...policies, "/p/q.rego": "package q\n\nimport data.a\n\nr := a.b.y\n" }, "q/r")).toBe('[{"result":2}]');
  expect(await decided({ ...policies, "/p/a.rego": "package a\n\nx := count(data)\n" }, "a/x")).toMatch(
    /^the policies have errors: a\.rego:3: rule data\.a\.x is recursive/u,
  );
  expect(await decided(policies, "a")).toBe(`[{"result":${whole}}]`);
  expect(await decided(policies, "")).toContain(`[{"result":{"a":${whole},"other":{"z":3}`);
});
