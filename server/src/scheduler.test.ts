// Findings while a project takes long to be looked at: those of the text that is there now, told once it was looked at as a whole.
import { expect, test } from "vitest";
import { connect } from "./client.test-helper.ts";

test("a document that many others include: an edit in the middle of the look is answered for all of them", async () => {
  const base = "user = ann\n";
  const files: Record<string, string> = { "p.rego": "package p\n\nallow if input.user\n", "inputs/base.conf": base };
  for (let i = 0; i < 60; i++) files[`inputs/s${i}.conf`] = `include "base.conf"\nname = \${user}\n`;
  const client = await connect(files);
  client.open("inputs/base.conf", base);
  const place = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
  client.change("inputs/base.conf", 2, [{ range: place, text: "broken = }" }]);
  client.change("inputs/base.conf", 3, [{ range: { ...place, end: { line: 0, character: 10 } }, text: "name" }]);
  const unset = (await client.diagnostics("inputs/s59.conf")).map(({ message }) => message);
  expect(unset).toEqual(["no value for `user` in this file, its includes, the profile or the environment"]);
  expect(await client.diagnostics("inputs/base.conf")).toEqual([]);
  client.change("inputs/base.conf", 4, [{ range: place, text: "user" }]);
  expect(await client.diagnostics("inputs/s59.conf")).toEqual([]);
});
