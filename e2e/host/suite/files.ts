// Files that come, go and are no text: nothing open is lost, and the rest is still checked.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { eventually, noProblems, open, problems, replace, suiteOf, uriOf } from "./support.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const files = suiteOf("Files", {
  "a new file on disk is checked, and its problems go with it": async () => {
    const uri = uriOf("policy/other.rego");
    await vscode.workspace.fs.writeFile(uri, encode("package other\n\np if x == 1\n"));
    await problems(uri, /var x is unsafe/u);
    await vscode.workspace.fs.delete(uri);
    await noProblems(uri);
  },

  "a file deleted while it is open keeps its text and is still checked": async () => {
    const uri = uriOf("policy/passing.rego");
    await vscode.workspace.fs.writeFile(uri, encode("package passing\n\np if input.x\n"));
    const editor = await open("policy/passing.rego");
    await replace(editor, "input.x", "inptu");
    await problems(uri, /var inptu is unsafe/u);
    await vscode.workspace.fs.delete(uri);
    await new Promise((done) => setTimeout(done, 500));
    assert.match(editor.document.getText(), /p if inptu/u);
    await problems(uri, /var inptu is unsafe/u);
    // The workbench holds the document for a while, and the project has its problems as long.
    await replace(editor, "inptu", "input.x");
    await noProblems(uri);
  },

  "two unsaved documents of one package do not see each other": async () => {
    const make = (content: string) => vscode.workspace.openTextDocument({ language: "rego", content });
    const one = await make("package same\n\ndefault x := 1\n\ny := nope\n");
    const two = await make("package same\n\ndefault x := 2\n\nz := y\n");
    await vscode.window.showTextDocument(one);
    await vscode.window.showTextDocument(two);
    const found = await problems(two.uri, /var y is unsafe/u);
    assert.equal(found.length, 1);
    assert.equal((await problems(one.uri, /var nope is unsafe/u)).length, 1);
  },

  "a binary file with a policy's name is a problem of its own": async () => {
    const uri = uriOf("policy/binary.rego");
    await vscode.workspace.fs.writeFile(uri, new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0, 1]));
    await eventually(
      "a problem of the binary file",
      () => vscode.languages.getDiagnostics(uri),
      (found) => found.length > 0,
    );
    const { document } = await open("policy/storage.rego");
    await noProblems(document.uri);
    await vscode.workspace.fs.delete(uri);
  },

  "a folder that is removed on the disk takes the problems of its files along": async () => {
    const uri = uriOf("extra/deep/broken.rego");
    mkdirSync(dirname(uri.fsPath), { recursive: true });
    writeFileSync(uri.fsPath, "package broken\n\np if x == 1\n");
    await problems(uri, /var x is unsafe/u);
    rmSync(uriOf("extra").fsPath, { recursive: true });
    await noProblems(uri);
  },

  "settings of the folder hold for its files": async () => {
    const { document } = await open("policy/storage_test.rego");
    await noProblems(document.uri);
    const settings = vscode.workspace.getConfiguration("opa", document.uri);
    const schema = uriOf("schemas/input.json");
    await vscode.workspace.fs.writeFile(schema, encode('{"type": "object", "properties": {"client": {"type": "string"}}}'));
    await settings.update("schema", "schemas/input.json", vscode.ConfigurationTarget.WorkspaceFolder);
    await problems(uriOf("policy/storage.rego"), /undefined ref: input\.bucket/u);
    await settings.update("schema", undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    await noProblems(uriOf("policy/storage.rego"));
    await vscode.workspace.fs.delete(uriOf("schemas"), { recursive: true });
  },
});
