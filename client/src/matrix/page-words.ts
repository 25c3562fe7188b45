// The words of the page of the decision matrix, in the language of the editor.
import * as vscode from "vscode";
import type { PanelState } from "#protocol/matrix-panel.ts";

export function pageWords(): PanelState["words"] {
  return {
    title: vscode.l10n.t("Decision Matrix"),
    input: vscode.l10n.t("input"),
    filter: vscode.l10n.t("Filter inputs and decisions"),
    show: vscode.l10n.t("Show"),
    showAll: vscode.l10n.t("All inputs"),
    showFailed: vscode.l10n.t("Not as expected"),
    showChanged: vscode.l10n.t("Other than published"),
    showUndecided: vscode.l10n.t("Undefined and errors"),
    group: vscode.l10n.t("Group by"),
    groupNone: vscode.l10n.t("nothing"),
    groupFolder: vscode.l10n.t("folder"),
    groupProfile: vscode.l10n.t("profile"),
    noProfile: vscode.l10n.t("no profile"),
    pinned: vscode.l10n.t("Pinned"),
    run: vscode.l10n.t("Decide All Again"),
    stop: vscode.l10n.t("Stop"),
    accept: vscode.l10n.t("Make Shown Differences Expected…"),
    copyMarkdown: vscode.l10n.t("Copy as Markdown"),
    copyCsv: vscode.l10n.t("Copy as CSV"),
    nothingShown: vscode.l10n.t("No row is left by the filter."),
    decision: vscode.l10n.t("Decision"),
    expected: vscode.l10n.t("Expected"),
    published: vscode.l10n.t("Published"),
    openValue: vscode.l10n.t("Open the Full Decision"),
    why: vscode.l10n.t("Why?"),
    debug: vscode.l10n.t("Debug"),
    acceptCell: vscode.l10n.t("Make Expected"),
    createTest: vscode.l10n.t("Create a Test"),
    openInput: vscode.l10n.t("Open the Input"),
    decideRow: vscode.l10n.t("Decide This Row Again"),
    pin: vscode.l10n.t("Pin to the Top"),
    unpin: vscode.l10n.t("Unpin"),
    notAsked: vscode.l10n.t("not asked"),
    keys: vscode.l10n.t("Arrow keys move from cell to cell, Enter leads to what can be done with one, Escape back"),
  };
}
