// The sample project of the walkthrough: a copy of the examples that the reader may change, opened at its first policy.
import * as vscode from "vscode";

/** Remembers over the change of folders that the policy is to be shown. */
const pendingKey = "rw.sample.show";

const firstPolicy = "storage/policy/storage.rego";

const folderOf = (context: vscode.ExtensionContext): vscode.Uri => vscode.Uri.joinPath(context.globalStorageUri, "sample");

/** Opens the sample project; what was changed in it stays as it is. */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const folder = folderOf(context);
  const isThere = await vscode.workspace.fs.stat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, "examples"), folder);
  await context.globalState.update(pendingKey, true);
  if (isOpen(folder)) return showSample(context);
  const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
  // In a browser each file would get a window of its own; there the new window shows the policy itself.
  const isBrowser = vscode.env.uiKind === vscode.UIKind.Web;
  const filesToOpen = isBrowser ? [] : [vscode.Uri.joinPath(folder, firstPolicy)];
  await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow, filesToOpen });
}

/** Shows the policy of the sample project, once after it was asked for. */
export async function showSample(context: vscode.ExtensionContext): Promise<void> {
  const folder = folderOf(context);
  if (context.globalState.get(pendingKey) !== true || !isOpen(folder)) return;
  await context.globalState.update(pendingKey, undefined);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, firstPolicy));
}

function isOpen(folder: vscode.Uri): boolean {
  return vscode.workspace.workspaceFolders?.some(({ uri }) => uri.path === folder.path) === true;
}
