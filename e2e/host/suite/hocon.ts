// HOCON samples: claimed as HOCON in a project, checked with their includes, shown resolved.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { eventually, noProblems, open, problems, replace, suiteOf } from "./support.ts";

const sample = "inputs/client1-reads-bucket2.conf";

export const hocon = suiteOf("HOCON", {
  "a .conf file of a project is hocon": async () => {
    const { document } = await open(sample);
    await eventually(
      "the language",
      () => vscode.workspace.textDocuments.find(({ uri }) => uri.path === document.uri.path)?.languageId,
      (language) => language === "hocon",
    );
    await noProblems(document.uri);
  },

  "a substitution without a value is a problem, and undo takes it away": async () => {
    const editor = await open(sample);
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, "\nextra = ${no.such.path}\n"));
    await problems(editor.document.uri, /no value for `no\.such\.path`/u);
    await vscode.commands.executeCommand("undo");
    await noProblems(editor.document.uri);
  },

  "the resolved preview follows the text": async () => {
    const editor = await open(sample);
    await vscode.commands.executeCommand("rw.hocon.preview");
    const preview = () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "rw-resolved")?.getText() ?? "";
    await eventually("the preview", preview, (text) => text.includes('"bucket2"'));
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    const shown = vscode.window.activeTextEditor!;
    await replace(shown, "bucket = bucket2", "bucket = bucket9");
    const text = await eventually("the changed preview", preview, (now) => now.includes('"bucket9"'));
    assert.equal(JSON.parse(text).bucket, "bucket9");
  },
});
