// Only what an entrypoint leads to has to be right.
import { expect, test } from "vitest";
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
  expect("module" in project.compiled(["a/x"])).toBe(true);
  expect(project.compiled(["broken/x"])).toEqual({ problem: "the policies have errors" });
});
