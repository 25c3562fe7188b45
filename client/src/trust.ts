// What a workspace that is not trusted must not do: each says why, and leads to VS Code's own page about trust.
import * as vscode from "vscode";

/** True in a trusted workspace; else the reason is shown. */
export function isTrusted(reason: string): boolean {
  if (!vscode.workspace.isTrusted) void offer(reason);
  return vscode.workspace.isTrusted;
}

async function offer(reason: string): Promise<void> {
  const manage = vscode.l10n.t("Manage Trust");
  if ((await vscode.window.showWarningMessage(reason, manage)) === manage)
    await vscode.commands.executeCommand("workbench.trust.manage");
}
