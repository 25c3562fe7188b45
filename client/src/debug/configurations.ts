// Launch configurations: those that the editor offers, and what is filled in where one says little.
import * as vscode from "vscode";
import { nameOfFile } from "../file-systems.ts";
import { debugType } from "../names.ts";

/** What stands at the cursor of a policy: its rule, test or package. */
export function atCursor(editor: vscode.TextEditor): vscode.DebugConfiguration {
  const { line, character } = editor.selection.active;
  return {
    type: debugType,
    request: "launch",
    name: vscode.l10n.t("Debug the rule or test at the cursor"),
    file: editor.document.uri.toString(),
    position: { line, character },
  };
}

/** Offered without a launch file. */
export class OfferedConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const editor = vscode.window.activeTextEditor;
    const own = editor?.document.languageId === "rego" ? [atCursor(editor)] : [];
    const base = { type: debugType, request: "launch" };
    return [
      ...own,
      { ...base, name: vscode.l10n.t("Debug all rules"), query: "data" },
      {
        ...base,
        name: vscode.l10n.t("Debug all tests"),
        command: "test",
        stopOnEntry: false,
        stopOnFail: true,
        stopOnResult: false,
      },
    ];
  }
}

/** Fills in what a launch configuration leaves open. */
export class Configurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [
      {
        type: debugType,
        request: "launch",
        name: vscode.l10n.t("Launch Rego Workspace"),
        command: "eval",
        query: "data",
        inputPath: "${workspaceFolder}/input.json",
        enablePrint: true,
      },
    ];
  }

  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    if (given.type !== undefined && given.type !== "") return given;
    // F5 without a launch file.
    const editor = vscode.window.activeTextEditor;
    return editor?.document.languageId === "rego" ? atCursor(editor) : undefined;
  }

  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const scope = folder?.uri ?? vscode.window.activeTextEditor?.document.uri;
    const maxEvents = vscode.workspace.getConfiguration("rw", scope).get<number>("debug.maxEvents");
    return {
      ...(maxEvents === undefined ? {} : { maxEvents }),
      ...(folder === undefined ? {} : { folder: nameOfFile(folder.uri) }),
      ...given,
    };
  }
}
