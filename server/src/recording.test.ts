// A recording of a server: kinds of messages, their times and outcomes, and sizes; no text, name or path of anybody's files.
import { expect, test } from "vitest";
import type { RecordingResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";

test("what was asked lately, and how large the projects are, without anything of their files", async () => {
  const client = await connect({
    "secret.rego": "package secret\n\nallow if input.user == data.boss\n",
    "inputs/secret.conf": "user = ann\n",
    "data.json": '{"boss": "ann"}',
  });
  client.open("secret.rego", "package secret\n\nallow if input.user == data.boss\n");
  await client.diagnostics("secret.rego");
  await client.request("textDocument/hover", { textDocument: { uri: uri("secret.rego") }, position: { line: 2, character: 1 } });
  await expect(client.request("rw/secret", {})).rejects.toThrow();
  const recording = await client.request<RecordingResult>("rw/recording", {});
  expect(recording).toMatchObject({
    openFiles: 1,
    projects: [{ policies: 1, hocon: 1, others: 1, characters: 75, longestPolicy: 49, largeFiles: 0 }],
  });
  const told = recording.messages.map(({ kind, method, outcome }) => `${kind} ${method} ${outcome}`);
  expect(told).toEqual(
    expect.arrayContaining([
      "request initialize done",
      "notification textDocument/didOpen done",
      "request textDocument/hover done",
      "request (unknown) refused",
    ]),
  );
  expect(recording.messages.every(({ at, ms, waiting }) => at >= 0 && ms >= 0 && waiting >= 0)).toBe(true);
  expect(JSON.stringify(recording)).not.toMatch(/secret|ann|boss|\/p\//);
});
