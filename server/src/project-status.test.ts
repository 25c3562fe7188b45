// How a project stands when something in it cannot be read: what was not checked is no layer that is all well.
import { expect, test } from "vitest";
import { diagnosticsOf } from "#features/diagnostics.ts";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { checkedStatus } from "./project-status.ts";

async function statesOf(policy: string): Promise<readonly string[]> {
  const project = await openProject(memoryHost({ "/p/p.rego": policy }), "/p");
  const found = diagnosticsOf(project, () => 0);
  const { syntax, compile } = checkedStatus(project, "file:///p", found, { before: undefined, isOff: false, lints: false });
  return [syntax.state, compile.state];
}

test("the layers of syntax and compile", async () => {
  expect(await statesOf("package p\n\nallow if input.x\n")).toEqual(["ok", "ok"]);
  expect(await statesOf("package p\n\nallow if nope(1)\n")).toEqual(["ok", "errors"]);
  expect(await statesOf("package p\n\nallow if {\n")).toEqual(["errors", "unknown"]);
});
