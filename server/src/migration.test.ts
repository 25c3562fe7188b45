// A project of Rego v0 is written for v1: as an edit that the user sees first, with what is decided otherwise and what is left.
import { expect, test } from "vitest";
import type { MigrateResult } from "#protocol/messages.ts";
import { connect, uri } from "./client.test-helper.ts";
import { evaluator } from "./evaluator.test-helper.ts";

const capabilities = { workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } } };

test("what is rewritten is asked for once, with a word about decisions; what cannot be is named", async () => {
  const files = {
    "rw.conf": 'roots = [{ path = ".", rego-version = 0 }]\n',
    "a.rego": "package a\n\nallow { input.x }\n",
    "b.rego": "package b\n\ninput := 1\n",
    "a_test.rego": 'package a_test\n\nimport data.a\n\ntest_a { a.allow with input as {"x": 1} }\n',
  };
  const client = await connect(files, { evaluator, initialize: { capabilities } });
  client.open("a.rego", files["a.rego"]);
  const result = await client.request<MigrateResult>("rw/migrateWorkspace", { uri: uri("a.rego") });
  expect(result).toMatchObject({ rewritten: 2, left: [expect.stringMatching(/^b\.rego:3: /u)] });
  const [asked] = client.received.filter((one) => JSON.stringify(one).includes("Migrate to Rego v1"));
  expect(JSON.stringify(asked)).toContain("no decision changes");
  expect(JSON.stringify(asked)).toContain("import rego.v1");
});
