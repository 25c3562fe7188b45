// "Put the Roles into RMS": the roles file of the project in RMS, once every change was seen.
import * as vscode from "vscode";
import { furtherRow, separator } from "./changed-decisions.ts";
import type { ServerLink } from "./server-link.ts";

export async function putRoles(
  server: ServerLink,
  { uri, url, token }: { readonly uri: vscode.Uri; readonly url: string; readonly token: string },
): Promise<void> {
  const params = { uri: uri.toString(), url, token };
  const asking = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Asking RMS") };
  const found = await vscode.window.withProgress(asking, () => server.applyRoles(params));
  if ("problem" in found) {
    void vscode.window.showWarningMessage(vscode.l10n.t("No role was changed: {0}", found.problem));
    return;
  }
  const { domain, file, lines, stays } = found;
  if (lines.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("RMS has all that {0} says of {1}.", file, domain));
    return;
  }
  const put: vscode.QuickPickItem = {
    label: lines.length === 1 ? vscode.l10n.t("Make This Change") : vscode.l10n.t("Make These {0} Changes", lines.length),
    iconPath: new vscode.ThemeIcon("cloud-upload"),
  };
  const further =
    stays.length === 0 ? [] : [separator(vscode.l10n.t("In RMS and not in {0}: stays", file)), ...stays.map(furtherRow)];
  const answer = await vscode.window.showQuickPick(
    [put, separator(vscode.l10n.t("Changes")), ...lines.map(furtherRow), ...further],
    {
      title: vscode.l10n.t("Roles of {0} in RMS: {1}", domain, file),
      placeHolder: vscode.l10n.t("Press Enter to go on, Escape to leave everything as it is"),
      ignoreFocusOut: true,
    },
  );
  if (answer !== put) return;
  const done = await vscode.window.withProgress(asking, () => server.applyRoles({ ...params, accepted: lines }));
  if ("problem" in done) void vscode.window.showWarningMessage(vscode.l10n.t("Not all is in RMS: {0}", done.problem));
  else void vscode.window.showInformationMessage(vscode.l10n.t("RMS has all that {0} says of {1}.", file, domain));
}
