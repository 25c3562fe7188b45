// Files that the client makes, renames and deletes: packages follow their files, and projects read what is on the disk now.
import type { CreateFilesParams, DeleteFilesParams, RenameFilesParams, WorkspaceEdit } from "vscode-languageserver";
import { movePackages } from "#features/rego/package-rename.ts";
import { isBelow } from "#workspace/paths.ts";
import { refresh } from "../refresh.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";
import { type FileEdit, workspaceEdit } from "../workspace-edit.ts";

export function registerFileOperations(session: Session, scheduler: Scheduler): void {
  const { connection, workspace } = session;

  connection.onRequest("workspace/willRenameFiles", async ({ files }: RenameFilesParams): Promise<WorkspaceEdit | null> => {
    await session.loaded;
    const edits: FileEdit[] = [];
    for (const root of workspace.roots) {
      const project = await session.gathering.whole(root);
      const moves = files.flatMap(({ oldUri, newUri }) => {
        const [from, to] = [session.uris.pathOf(oldUri), session.uris.pathOf(newUri)];
        return project.policies
          .filter((file) => isBelow(file.path, from))
          .map((file) => ({ from: file.path, to: `${to}${file.path.slice(from.length)}` }));
      });
      edits.push(...movePackages(project, moves));
    }
    return edits.length === 0 ? null : workspaceEdit(session, edits);
  });

  const reread = async (uris: readonly string[]): Promise<void> => {
    const changed = await session.reread(uris.map((uri) => session.uris.pathOf(uri)));
    if (changed.length === 0) return;
    scheduler.changed(changed);
    refresh(session, "semanticTokens");
  };
  connection.onNotification("workspace/didCreateFiles", ({ files }: CreateFilesParams) => reread(files.map(({ uri }) => uri)));
  connection.onNotification("workspace/didDeleteFiles", ({ files }: DeleteFilesParams) => reread(files.map(({ uri }) => uri)));
  connection.onNotification("workspace/didRenameFiles", ({ files }: RenameFilesParams) =>
    reread(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );
}
