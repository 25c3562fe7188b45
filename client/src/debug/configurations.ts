// Launch configurations: those that the editor offers, and what is filled in where one says little.
import * as vscode from "vscode";
import { nameOfFile } from "../file-systems.ts";
import { debugType } from "../names.ts";
import type { ServerLink } from "../server-link.ts";

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

/** Decisions, each for each sample input, that are offered. */
const mostOffered = 40;

/** Offered without a launch file. */
export class OfferedConfigurations implements vscode.DebugConfigurationProvider {
  readonly #server: ServerLink;

  constructor(server: ServerLink) {
    this.#server = server;
  }

  async provideDebugConfigurations(): Promise<vscode.DebugConfiguration[]> {
    const editor = vscode.window.activeTextEditor;
    const own = editor?.document.languageId === "rego" ? [atCursor(editor)] : [];
    const base = { type: debugType, request: "launch" };
    return [
      ...own,
      ...(own.length === 0 ? [] : await this.#decisions(editor?.document.uri.toString() ?? "")),
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

  /** The decisions of the project of a file, for its samples: the nearest ones first. */
  async #decisions(file: string): Promise<readonly vscode.DebugConfiguration[]> {
    const asked = Promise.all([this.#server.dependencies({ uri: file }), this.#server.samples(file)]);
    const [dependencies, { samples }] = await asked.catch(() => [{ rows: [] }, { samples: [] }] as const);
    const decisions = dependencies.rows.flatMap(({ kind, label }) => (kind === "decision" ? [label] : []));
    return samples
      .flatMap(({ label, uri }) =>
        decisions.map((query) => ({
          type: debugType,
          request: "launch",
          name: vscode.l10n.t("Debug {0} for {1}", query.replace(/^data\./u, ""), label),
          file,
          query,
          inputPath: nameOfFile(vscode.Uri.parse(uri)),
        })),
      )
      .slice(0, mostOffered);
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
