// Files that commands write: through the editor, so that an open text is changed and not passed over, and undo takes it back.
import * as vscode from "vscode";

/** Makes `text` the whole text of a file, which need not be there, and saves it unless its reader has unsaved changes in it. */
export async function writeText(uri: vscode.Uri, text: string): Promise<void> {
  const open = await vscode.workspace.openTextDocument(uri).then(
    (document) => document,
    () => undefined,
  );
  const wasDirty = open?.isDirty === true;
  const edit = new vscode.WorkspaceEdit();
  if (open === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  else edit.replace(uri, new vscode.Range(0, 0, open.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Error(vscode.l10n.t("{0} cannot be written", vscode.workspace.asRelativePath(uri)));
  if (open !== undefined && !wasDirty && !(await open.save()))
    throw new Error(vscode.l10n.t("{0} cannot be saved: the change waits in the editor", vscode.workspace.asRelativePath(uri)));
}

/** The same for many files: those that nobody has open are written on the disk, and get no tab each. */
export async function writeQuietly(uri: vscode.Uri, text: string): Promise<void> {
  const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  if (isOpen) await writeText(uri, text);
  else await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}
