// The sample project of the walkthrough: a copy of the examples that the reader may change, opened at its first policy.
import * as vscode from "vscode";

/** Remembers over the change of folders that the policy is to be shown. */
const pendingKey = "rw.sample.show";

const firstPolicy = "storage/policy/storage.rego";

const folderOf = (context: vscode.ExtensionContext): vscode.Uri => vscode.Uri.joinPath(context.globalStorageUri, "sample");

/** Opens the sample project; what was changed in it stays as it is. */
export async function openSample(context: vscode.ExtensionContext, inBrowser: boolean): Promise<void> {
  const folder = folderOf(context);
  const isThere = await vscode.workspace.fs.stat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere && inBrowser) await writeExamples(context, folder);
  else if (!isThere) await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, "examples"), folder);
  await context.globalState.update(pendingKey, true);
  if (isOpen(folder)) return showSample(context);
  const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
  // In a browser each file would get a window of its own; there the new window shows the policy itself.
  const isBrowser = vscode.env.uiKind === vscode.UIKind.Web;
  const filesToOpen = isBrowser ? [] : [vscode.Uri.joinPath(folder, firstPolicy)];
  await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow, filesToOpen });
}

/** Where the extension is loaded file by file it has no folders to copy: there the examples are one file, path by path. */
async function writeExamples({ extensionUri }: vscode.ExtensionContext, folder: vscode.Uri): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, "dist/web/examples.json"));
  const texts = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, string>>;
  for (const [path, text] of Object.entries(texts))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), new TextEncoder().encode(text));
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
