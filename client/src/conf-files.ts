// Which `.conf` files are HOCON: the editor knows the ending from other programs.
import * as vscode from "vscode";

/** Reads `.conf` files as HOCON where the setting says so: those of projects by default, so that nginx's stay what they are. */
export async function claimConf(documents: readonly vscode.TextDocument[] = vscode.workspace.textDocuments): Promise<void> {
  for (const document of documents) {
    if (document.languageId === "hocon" || !document.uri.path.endsWith(".conf")) continue;
    const mode = vscode.workspace.getConfiguration("rw.hocon", document.uri).get<string>("claimConf", "inputs");
    if (mode === "never") continue;
    if (mode === "always" || (await besideProject(document.uri)))
      await vscode.languages.setTextDocumentLanguage(document, "hocon");
  }
}

/** True when the file's folder or one above it, within the workspace, holds `rw.conf`, `application.conf` or `reference.conf`. */
async function besideProject(uri: vscode.Uri): Promise<boolean> {
  const top = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  if (top === undefined) return false;
  for (let folder = vscode.Uri.joinPath(uri, ".."); folder.path.startsWith(top); folder = vscode.Uri.joinPath(folder, "..")) {
    for (const name of ["rw.conf", "application.conf", "reference.conf"]) {
      const found = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name)).then(
        () => true,
        () => false,
      );
      if (found) return true;
    }
    if (folder.path === "/") return false;
  }
  return false;
}
