// Renames as clients get them: files that are not open as a group of their own, published decisions only after a confirmation.
import { expect, test } from "vitest";
import { connect, uri } from "./client.test-helper.ts";

const library = "package lib\n\nlimit := 1\n";
const user = "package p\n\nimport data.lib\n\nallow if lib.limit > 0\n";
const groups = { workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } } } };

/** Renames what stands in a line of a file of which only this one is open. */
async function rename(files: Record<string, string>, file: string, line: number, capabilities: object) {
  const client = await connect(files, { initialize: { capabilities } });
  client.open(file, files[file] ?? "");
  const edit = await client.request<{ documentChanges: unknown; changeAnnotations?: Record<string, unknown> }>(
    "textDocument/rename",
    { textDocument: { uri: uri(file) }, position: { line, character: 0 }, newName: "other" },
  );
  return { ...edit, messages: client.notifications.get("window/showMessage") };
}

test("edits of files that are not open are a group", async () => {
  const { documentChanges, changeAnnotations } = await rename({ "lib.rego": library, "p.rego": user }, "lib.rego", 2, groups);
  expect(changeAnnotations).toEqual({ "closed files": { label: "Files that are not open", needsConfirmation: false } });
  expect(documentChanges).toMatchObject([
    { textDocument: { uri: uri("lib.rego"), version: 1 }, edits: [{ newText: "other" }] },
    { textDocument: { uri: uri("p.rego"), version: null }, edits: [{ newText: "other", annotationId: "closed files" }] },
  ]);
});

test("a published decision is renamed only once that was confirmed", async () => {
  const files = { "p.rego": user, "lib.rego": library, "rw.conf": 'rms { domain = "payments" }\n' };
  const { documentChanges, changeAnnotations } = await rename(files, "p.rego", 4, groups);
  const label = "`data.p.allow` is a published decision";
  expect(changeAnnotations).toEqual({
    [label]: {
      label,
      needsConfirmation: true,
      description: "services that ask for the old name get undefined once the change is published",
    },
  });
  expect(documentChanges).toMatchObject([{ edits: [{ newText: "other", annotationId: label }] }]);
  expect((await rename(files, "lib.rego", 2, groups)).changeAnnotations).not.toHaveProperty(label);
});

test("a client without groups gets plain edits, and the warning as a message", async () => {
  const files = { "p.rego": user, "lib.rego": library, "rw.conf": 'rms { domain = "payments" }\n' };
  const { changeAnnotations, messages } = await rename(files, "p.rego", 4, {
    workspace: { workspaceEdit: { documentChanges: true } },
  });
  expect(changeAnnotations).toBeUndefined();
  expect(messages).toMatchObject([
    { type: 2, message: expect.stringMatching(/^`data\.p\.allow` is a published decision: services/u) },
  ]);
});
