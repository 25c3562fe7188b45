// A test for the policy in front, or for the rule at the cursor, by command: the source action of that name, which few look for in its menu.
import * as vscode from "vscode";

export async function createTest(editor: vscode.TextEditor): Promise<void> {
  const { document, selection } = editor;
  const offered = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    selection,
    "source.createTest",
  );
  const items = offered.map((action) => ({ label: action.title, iconPath: new vscode.ThemeIcon("beaker"), action }));
  if (items.length === 0)
    throw new Error(
      vscode.l10n.t(
        "no test can be created here: put the cursor on a rule without arguments that has none, in a policy of Rego v1",
      ),
    );
  const chosen =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Create a Test") });
  if (chosen === undefined) return;
  const { edit, command } = chosen.action;
  if (edit !== undefined && !(await vscode.workspace.applyEdit(edit)))
    throw new Error(vscode.l10n.t("the test could not be written: nothing was changed"));
  if (command !== undefined) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}
