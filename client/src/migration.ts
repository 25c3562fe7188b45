// Rego v0 to v1: the workbench shows each change before it is made, and the log names what is left for hands.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";

export async function migrateWorkspace(server: ServerLink, uri: vscode.Uri, log: vscode.LogOutputChannel): Promise<void> {
  const { rewritten, applied, left } = await server.migrate(uri.toString());
  for (const line of left) log.warn(line);
  if (rewritten === 0 && left.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Every policy of this project is written for Rego v1."));
    return;
  }
  const [first] = left;
  if (first === undefined) {
    const done = applied
      ? vscode.l10n.t("Policies written for Rego v1: {0}.", rewritten)
      : vscode.l10n.t("Nothing was written for Rego v1.");
    void vscode.window.showInformationMessage(done);
    return;
  }
  const show = vscode.l10n.t("Show the Log");
  const text = vscode.l10n.t(
    "Policies written for Rego v1: {0}; left for hands: {1}, the first is {2}",
    applied ? rewritten : 0,
    left.length,
    first,
  );
  if ((await vscode.window.showWarningMessage(text, show)) === show) log.show();
}
