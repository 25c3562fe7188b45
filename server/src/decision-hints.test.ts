// Decisions as inlay hints in editors that know nothing of ours.
import { expect, test } from "vitest";
import type { InlayHint } from "vscode-languageserver";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const files = {
  "p.rego": 'package p\n\ndefault allow := false\n\nallow if {\n\tinput.role == "boss"\n}\n\nn := count(input.role)\n',
  "inputs/clerk.json": '{"role": "clerk"}',
  "inputs/clerk.expected.json": '{"decisions": {"data.p.allow": {"value": true}}}',
};

const whole = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } };

async function hints(client: Awaited<ReturnType<typeof connect>>): Promise<readonly string[]> {
  const found = await client.request<InlayHint[]>("textDocument/inlayHint", {
    textDocument: { uri: uri("p.rego") },
    range: whole,
  });
  return found.map(({ position: { line, character }, label }) => `${line}:${character} ${label as string}`);
}

test("each rule has its decision behind its first line, and what is expected otherwise", async () => {
  const client = await connect(files, { evaluator, initialize: { capabilities: {} } });
  client.open("p.rego", files["p.rego"]);
  await expect.poll(() => client.notifications.get("rw/live")?.length ?? 0).toBeGreaterThan(0);
  expect(await hints(client)).toEqual(["8:11 collection:", "2:22 => false  ✗ expected true", "8:22 => 5"]);
});

test("not where they are switched off", async () => {
  const client = await connect(files, {
    evaluator,
    initialize: { capabilities: {}, initializationOptions: { rw: { inlay: { decisions: false, types: true } } } },
  });
  client.open("p.rego", files["p.rego"]);
  await expect.poll(() => client.notifications.get("rw/live")?.length ?? 0).toBeGreaterThan(0);
  expect(await hints(client)).toEqual(["8:11 collection:"]);
});

test("not without an input", async () => {
  const client = await connect({ "p.rego": files["p.rego"] }, { evaluator, initialize: { capabilities: {} } });
  client.open("p.rego", files["p.rego"]);
  await expect.poll(() => client.notifications.get("rw/live")?.length ?? 0).toBeGreaterThan(0);
  expect(await hints(client)).toEqual(["8:11 collection:"]);
});
