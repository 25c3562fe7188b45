// Lint findings in the editor: shown, mended, ignored in the configuration, explained without a network.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { behind, open, problems, replace, suiteOf, uriOf, withSetting } from "./support.ts";

const policy = "policy/storage.rego";

const linting = (test: () => Promise<void>): Promise<void> => withSetting("rw", "lint.enable", true, test);

const actionsAt = (document: vscode.TextDocument, text: string): Thenable<vscode.CodeAction[]> => {
  const at = behind(document, text);
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    new vscode.Range(at, at),
  );
};

export const linted = suiteOf("Lint", {
  "a finding is a warning of its category, with a fix that mends it": () =>
    linting(async () => {
      const editor = await open(policy);
      const { document } = editor;
      await replace(editor, "default allow", "#entry\ndefault allow");
      const [found] = (await problems(document.uri, /Comment should start with whitespace/u)).filter(({ source }) =>
        source?.startsWith("regal/"),
      );
      assert.equal(found?.source, "regal/style");
      assert.equal(found?.severity, vscode.DiagnosticSeverity.Warning);
      const fix = (await actionsAt(document, "#ent")).find(({ title }) => title === "Format comment to have leading whitespace");
      await vscode.workspace.applyEdit(fix!.edit!);
      assert.match(document.getText(), /^# entry$/mu);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }),

  "a rule can be ignored in the configuration": () =>
    linting(async () => {
      const editor = await open(policy);
      const { document } = editor;
      await replace(editor, "default allow", "#entry\ndefault allow");
      await problems(document.uri, /Comment should start with whitespace/u);
      const ignore = (await actionsAt(document, "#ent")).find(({ title }) => title === "Ignore this rule in config");
      const [[config]] = ignore!.edit!.entries() as [[vscode.Uri, vscode.TextEdit[]]];
      assert.equal(config.path, uriOf(".regal/config.yaml").path);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }),

  "the page of a rule needs no network": async () => {
    const uri = vscode.Uri.from({ scheme: "rw-error", path: "/no-whitespace-comment.md" });
    assert.match((await vscode.workspace.openTextDocument(uri)).getText(), /^# no-whitespace-comment/u);
  },
});
