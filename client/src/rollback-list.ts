// What a rollback changes, before it is done: the list is there at once, and the decisions come into it when they were compared.
import * as vscode from "vscode";
import type { RollbackDiffResult } from "#protocol/publishing.ts";
import { changedRows, countOf, furtherRow, wrapped } from "./changed-decisions.ts";

/** Asks whether to go on; false when the list was closed. Who is in a hurry need not wait for the decisions. */
export async function confirmRollback(title: string, asked: Promise<RollbackDiffResult>): Promise<boolean> {
  const list = vscode.window.createQuickPick();
  const rollBack = (description: string): vscode.QuickPickItem => ({
    label: vscode.l10n.t("Roll Back"),
    iconPath: new vscode.ThemeIcon("discard"),
    description,
    alwaysShow: true,
  });
  const show = (description: string, rows: readonly vscode.QuickPickItem[]): void => {
    const first = rollBack(description);
    list.items = [first, ...rows];
    list.activeItems = [first];
  };
  list.title = title;
  list.placeholder = vscode.l10n.t("Press Enter to go on, Escape to leave everything as it is");
  list.ignoreFocusOut = true;
  list.busy = true;
  show(vscode.l10n.t("decisions are being compared"), []);
  const compared = asked.then(
    (result) => {
      list.busy = false;
      if (result.problem !== undefined) return show(vscode.l10n.t("decisions could not be compared"), why(result.problem));
      if (result.diff.length > 0) return show(countOf(result.diff), changedRows(result.diff));
      return show(vscode.l10n.t("no decision of {0} changes", result.decided), []);
    },
    (error: unknown) => {
      list.busy = false;
      show(vscode.l10n.t("decisions could not be compared"), why(error instanceof Error ? error.message : String(error)));
    },
  );
  const answer = await new Promise<boolean>((done) => {
    list.onDidAccept(() => {
      if (list.selectedItems[0]?.iconPath !== undefined && list.selectedItems[0] === list.items[0]) done(true);
    });
    list.onDidHide(() => done(false));
    list.show();
  });
  list.hide();
  void compared.finally(() => list.dispose());
  return answer;
}

function why(problem: string): readonly vscode.QuickPickItem[] {
  return wrapped(problem).map(furtherRow);
}
