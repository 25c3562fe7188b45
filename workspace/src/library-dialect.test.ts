// The library of RMS keeps its dialect in a folder whose policies are read as v0.
import { expect, test } from "vitest";
import { memoryHost } from "./host.ts";
import { compileQuery } from "./query.ts";
import { openProject } from "./workspace.ts";

test("a v0 folder can be asked any query", async () => {
  const host = memoryHost({ "/p/old.rego": "package old\n\nallow { input.user }\n" });
  const project = await openProject(host, "/p", { regoVersion: "v0" });
  expect(project.checked.diagnostics).toEqual([]);
  expect(Object.keys(compileQuery(project, "data.old.allow", undefined))).toEqual(["module", "expression"]);
});
