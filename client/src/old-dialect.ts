// A folder whose policies are written in Rego v0: one question about it, whose answer is kept.
import * as vscode from "vscode";
import type { OldDialectParams } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";

const answeredKey = (root: string): string => `rw.dialect.answered:${root}`;

/** Asks how such a folder is to be read when the server says that it is one. */
export function askOldDialect(server: ServerLink, memory: vscode.Memento): vscode.Disposable {
  return server.onOldDialect(async ({ root, old, all }: OldDialectParams) => {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(root));
    if (folder === undefined || memory.get(answeredKey(root)) === true) return;
    const asOld = vscode.l10n.t("Read as Rego v0");
    const keep = vscode.l10n.t("Keep Rego v1");
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t("{0} of {1} policies in {2} are written in Rego v0, and read as v1.", old, all, folder.name),
      asOld,
      keep,
    );
    if (answer === undefined) return;
    if (answer === asOld)
      await vscode.workspace
        .getConfiguration("rw", folder)
        .update("regoVersion", "v0", vscode.ConfigurationTarget.WorkspaceFolder);
    await memory.update(answeredKey(root), true);
  });
}
