// Folders that come and go on the disk: the editor tells of the folder alone, not of the files in it.
import * as vscode from "vscode";

/** Tells of folders that were removed or came with content; `tell` gets their addresses. */
export function watchFolders(tell: (uri: vscode.Uri, change: "created" | "deleted") => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher("**/*", false, true, false);
  // What is gone cannot be asked what it was: names of files mostly have an ending, those of folders seldom.
  const isFolderName = ({ path }: vscode.Uri): boolean => /\/(?:\.\w+|[^./]+)$/u.test(path);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidDelete((uri) => {
      if (isFolderName(uri)) tell(uri, "deleted");
    }),
    watcher.onDidCreate(async (uri) => {
      if (!isFolderName(uri)) return;
      const found = await vscode.workspace.fs.stat(uri).then(
        (stat) => stat,
        () => undefined,
      );
      if (found?.type === vscode.FileType.Directory) tell(uri, "created");
    }),
  );
}
