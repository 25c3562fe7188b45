// The schema of the samples over the wire: texts for our own client, an edit for others, an action in samples.
import { expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver";
import type { InferSchemaResult } from "#protocol/messages.ts";
import { connect, uri } from "../client.test-helper.ts";

const files = {
  "rw.conf": "entrypoints = [p/allow]",
  "p.rego": "package p\n\nallow := true\n",
  "inputs/a.json": '{"user": "ann"}',
};
const workspace = { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } };
const textDocument = { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["source"] } } } };

test("the text of the schema, and of rw.conf with the line that names it", async () => {
  const client = await connect(files);
  const result = await client.request<InferSchemaResult>("rw/inferSchema", { uri: uri("inputs/a.json") });
  expect(result).toMatchObject({
    inputs: 1,
    uri: uri("schemas/input.json"),
    config: { uri: uri("rw.conf"), after: 'entrypoints = [p/allow]\nschemas."inputs/**" = schemas/input.json\n' },
  });
  expect(client.notifications.get("workspace/applyEdit")).toBeUndefined();
  const none = await connect({ "p.rego": files["p.rego"] });
  expect(await none.request("rw/inferSchema", { uri: uri("p.rego") })).toEqual({ problem: "this project has no samples" });
});

test("another client gets the action in a sample, sends its command back, and the edit", async () => {
  const client = await connect(files, { initialize: { capabilities: { workspace, textDocument } } });
  client.open("inputs/a.json", files["inputs/a.json"]);
  const at = { line: 0, character: 0 };
  const params = { range: { start: at, end: at }, context: { diagnostics: [], only: ["source.inferSchema"] } };
  const ask = (path: string) =>
    client.request<CodeAction[]>("textDocument/codeAction", { textDocument: { uri: uri(path) }, ...params });
  const [action] = await ask("inputs/a.json");
  expect(action).toMatchObject({ title: "Infer a JSON Schema from all samples", kind: "source.inferSchema" });
  expect(await ask("p.rego")).toEqual([]);
  await client.request("workspace/executeCommand", action!.command);
  const edit = client.notifications.get("workspace/applyEdit")?.at(-1);
  expect(edit).toMatchObject({
    edit: {
      documentChanges: [{ kind: "create", uri: uri("schemas/input.json") }, {}, { textDocument: { uri: uri("rw.conf") } }],
    },
  });
});

test("a sample that is otherwise than its schema is told while it is written", async () => {
  const schema = '{"type": "object", "properties": {"user": {"enum": ["ann", "bob"]}}}';
  const named = { ...files, "rw.conf": 'schemas."inputs/**" = s.json\n', "s.json": schema };
  const client = await connect(named);
  client.open("inputs/a.json", '{"user": "eve"}');
  expect(await client.diagnostics("inputs/a.json")).toMatchObject([
    { code: "rw_sample_schema", severity: 2, source: "rw", range: { start: { line: 0, character: 1 } } },
  ]);
  client.change("inputs/a.json", 2, [{ text: '{"user": "bob"}' }]);
  expect(await client.diagnostics("inputs/a.json")).toEqual([]);
});
