// The project beside the version that its channel has: the files that differ, side by side; those of the project can be edited there.
import * as vscode from "vscode";
import type { EvaluationResults } from "./evaluation.ts";
import type { ServerLink } from "./server-link.ts";

export async function comparePublished(
  server: ServerLink,
  results: EvaluationResults,
  { uri, url, token }: { readonly uri: vscode.Uri; readonly url: string; readonly token: string },
): Promise<void> {
  const asking = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Asking RMS") };
  const found = await vscode.window.withProgress(asking, () => server.comparePublished({ uri: uri.toString(), url, token }));
  if ("problem" in found) {
    void vscode.window.showWarningMessage(vscode.l10n.t("Not compared: {0}", found.problem));
    return;
  }
  const { target, version, files } = found;
  if (files.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} has {1}: the project holds the same.", target, version));
    return;
  }
  const rows = files.map(({ path, before, after, uri: own }) => {
    const now = own === undefined ? results.textAs(`${vscode.l10n.t("project")}/${path}`, after ?? "") : vscode.Uri.parse(own);
    const old = before === undefined ? undefined : results.textAs(`${version}/${path}`, before);
    return [now, old, after === undefined ? undefined : now];
  });
  await vscode.commands.executeCommand("vscode.changes", vscode.l10n.t("{0} {1} ↔ project", target, version), rows);
}
