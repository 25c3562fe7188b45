// Rego through VS Code's own providers: problems and fixes while typing, hover, navigation, rename, structure, completion, formatting.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { behind, eventually, noProblems, open, problems, replace, suiteOf, uriOf } from "./support.ts";

const policy = "policy/storage.rego";
const tests = "policy/storage_test.rego";

async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, position);
  return hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === "string" ? one : one.value))).join("\n");
}

export const rego = suiteOf("Rego", {
  "a policy is rego and has no problems": async () => {
    const { document } = await open(policy);
    assert.equal(document.languageId, "rego");
    await noProblems(document.uri);
  },

  "an unsafe variable is a problem while typing, and undo takes it away": async () => {
    const editor = await open(policy);
    await replace(editor, "grant.bucket == input.bucket", "grant.bucket == bukcet");
    const [found] = await problems(editor.document.uri, /var bukcet is unsafe/u);
    assert.ok(found !== undefined && typeof found.code === "object");
    assert.equal(found.code.value, "rego_unsafe_var_error");
    assert.equal(found.code.target.toString(true), 'command:rw.explainError?["rego_unsafe_var_error"]');
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse("rw-error:/rego_unsafe_var_error.md"));
    assert.match(page.getText(), /^## rego_unsafe_var_error\n[^#]*some … in/u);
    assert.equal(page.languageId, "markdown");
    await vscode.commands.executeCommand("undo");
    await noProblems(editor.document.uri);
  },

  "a missing quote comes with a fix that mends it": async () => {
    const editor = await open(tests);
    await replace(editor, '"letters"', '"letters');
    const { uri } = editor.document;
    const [found] = await problems(uri, /not closed|non-terminated/u);
    const actions = await eventually(
      "a quick fix",
      () =>
        vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, found!.range, "quickfix"),
      (list) => list.length > 0,
    );
    const edit = actions.find(({ isPreferred }) => isPreferred)?.edit ?? actions[0]?.edit;
    assert.ok(edit !== undefined && (await vscode.workspace.applyEdit(edit)));
    await noProblems(uri);
  },

  "hover tells the rule's documentation": async () => {
    const { document } = await open(tests);
    assert.match(await hoverText(document.uri, behind(document, "storage.all")), /True when the data grants the client/u);
  },

  "definition leads from the test to the rule": async () => {
    const { document } = await open(tests);
    const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      behind(document, "storage.all"),
    );
    const targets = found.map((one) => ("targetUri" in one ? one.targetUri.path : one.uri.path));
    assert.ok(
      targets.some((path) => path === uriOf(policy).path),
      targets.join(", "),
    );
  },

  "rename changes the rule in both files, and wherever the decision is named": async () => {
    const { document } = await open(policy);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      behind(document, "default all"),
      "permitted",
    );
    const counts = edit.entries().map(([uri, edits]) => `${uri.path.split("/").at(-1)} ${edits.length}`);
    assert.deepEqual(counts.sort(), [
      "client1-reads-bucket2.expected.json 1",
      "client1-writes-bucket1.expected.json 1",
      "client1-writes-bucket2.expected.json 1",
      "client2-reads-bucket2.expected.json 1",
      "rw.conf 1",
      "storage.rego 2",
      "storage_test.rego 5",
      "unknown-client.expected.json 1",
    ]);
  },

  "the outline lists the rules": async () => {
    const { document } = await open(tests);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    const names = symbols.flatMap((one) => [one.name, ...one.children.map(({ name }) => name)]);
    assert.ok(names.includes("test_empty_request_is_denied"), names.join(", "));
  },

  "completion offers the rules of an imported package": async () => {
    const editor = await open(tests);
    await replace(editor, "not storage.allow with input as {} ", "not storage. with input as {} ");
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      editor.document.uri,
      behind(editor.document, "not storage."),
      ".",
    );
    const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    assert.ok(labels.includes("allow"), labels.slice(0, 20).join(", "));
  },

  "formatting is that of opa fmt, and changes nothing that is in shape": async () => {
    const editor = await open(policy);
    const options = { tabSize: 4, insertSpaces: false };
    const ask = () =>
      vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
        "vscode.executeFormatDocumentProvider",
        editor.document.uri,
        options,
      );
    const before = editor.document.getText();
    assert.deepEqual((await ask()) ?? [], []);
    await replace(editor, "\tgrant.bucket == input.bucket", "   grant.bucket==input.bucket");
    const edit = new vscode.WorkspaceEdit();
    edit.set(editor.document.uri, (await ask()) ?? []);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(editor.document.getText(), before);
  },
});
