// A test that is created for a policy, as clients get it: a new file where they can make one, and the place to go on in our own.
import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver";
import { connect, uri } from "./client.test-helper.ts";

const policy = 'package p\n\nallow if input.user == "ann"\n';
const create = { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } } };
const literals = { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["source"] } } } } };

async function offered(files: Record<string, string>, workspace: object, options: object = {}): Promise<readonly CodeAction[]> {
  const client = await connect(files, { initialize: { capabilities: { ...literals, ...workspace }, ...options } });
  client.open("p.rego", policy);
  const at = { line: 2, character: 1 };
  return client.request("textDocument/codeAction", {
    textDocument: { uri: uri("p.rego") },
    range: { start: at, end: at },
    context: { diagnostics: [], only: ["source.createTest"] },
  });
}

test("the file is created, with the sample as the input", async () => {
  const files = { "p.rego": policy, "input.json": '{"user": "ann"}' };
  const [action, ...others] = await offered(files, create, { initializationOptions: { client: "vscode" } });
  expect(others).toEqual([]);
  const newText = 'package p_test\n\nimport data.p\n\ntest_allow if {\n\tp.allow with input as {"user": "ann"}\n}\n';
  expect(action).toMatchObject({
    title: "Create a test for this policy",
    kind: "source.createTest",
    edit: { documentChanges: [{ kind: "create", uri: uri("p_test.rego") }, { edits: [{ newText }] }] },
    command: { command: "rw.decision.reveal", arguments: [uri("p_test.rego"), { start: { line: 5, character: 1 } }] },
  });
});

test("a client that makes no files is not offered one; in a file that is there it gets the test", async () => {
  expect(await offered({ "p.rego": policy }, {})).toEqual([]);
  const [action] = await offered({ "p.rego": policy, "all_test.rego": "package p_test\n" }, {});
  const edits = action?.edit?.changes?.[uri("all_test.rego")]?.map(({ newText }) => newText).join("");
  expect([action?.title, edits, action?.command]).toEqual([
    "Create a test for `allow`",
    "\n\nimport data.p\n\ntest_allow if {\n\tp.allow with input as {}\n}",
    undefined,
  ]);
});
