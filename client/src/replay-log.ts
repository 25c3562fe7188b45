// "Replay a Decision Log": the command line that the extension brings along decides a log again, in a task; what is decided otherwise stands in its terminal.
import * as vscode from "vscode";
import type { MakeTask } from "./tasks.ts";

/** Registers the command, for the log that is chosen in the explorer, or one that is asked for. */
export function registerReplay(makeTask: MakeTask): vscode.Disposable {
  return vscode.commands.registerCommand("rw.replayLog", async (chosen?: vscode.Uri) => {
    const active = vscode.window.activeTextEditor?.document;
    const policy = active?.languageId === "rego" && active.uri.scheme === "file" ? active.uri : undefined;
    const folder =
      (policy === undefined ? undefined : vscode.workspace.getWorkspaceFolder(policy)) ?? vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("Open the folder of the policies that shall decide."));
      return;
    }
    const log = chosen ?? (await askForLog(vscode.l10n.t("Replay")));
    if (log === undefined) return;
    // The project is the one around the policy that is looked at.
    const project = policy === undefined ? folder.uri : vscode.Uri.joinPath(policy, "..");
    const args = [log.fsPath, "--project", project.fsPath];
    await vscode.tasks.executeTask(makeTask({ type: "rw", command: "replay", args }, folder));
  });
}

/** A file with decisions; `openLabel` says what will be done with it. */
export async function askForLog(openLabel: string): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Decision log of OPA, or what RMS lists"),
    openLabel,
    filters: {
      [vscode.l10n.t("Decision logs")]: ["json", "jsonl", "ndjson", "log", "txt", "gz"],
      [vscode.l10n.t("All files")]: ["*"],
    },
  });
  return chosen?.[0];
}
