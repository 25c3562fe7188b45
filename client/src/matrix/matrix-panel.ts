// The page of the decision matrix in an editor tab: what it is told, and what it asks for. It loads its own script and style, and nothing else.
import * as vscode from "vscode";
import type { PanelMessage, PanelRequest, PanelState } from "#protocol/matrix-panel.ts";
import type { MatrixResult, MatrixRow } from "#protocol/messages.ts";
import { cellWords, columnName, emptyWords, isChanged, isFailed, summary } from "./cell-words.ts";
import type { MatrixActions } from "./matrix-actions.ts";
import { type MatrixState, rowId } from "./matrix-state.ts";
import { pageWords } from "./page-words.ts";

export const panelType = "rw.matrix.panel";

export class MatrixPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #state: MatrixState;
  readonly #actions: MatrixActions;
  readonly #extension: vscode.Uri;
  readonly #report: (error: unknown) => void;
  readonly #subscriptions: vscode.Disposable[];
  #panel: vscode.WebviewPanel | undefined;
  #isReady = false;
  #reveal: Extract<PanelMessage, { kind: "reveal" }> | undefined;

  constructor(state: MatrixState, actions: MatrixActions, extension: vscode.Uri, report: (error: unknown) => void) {
    this.#state = state;
    this.#actions = actions;
    this.#extension = extension;
    this.#report = report;
    this.#subscriptions = [
      state.onChange(() => this.#show()),
      state.onProgress((text) => this.#send({ kind: "progress", text })),
      vscode.window.registerWebviewPanelSerializer(panelType, this),
    ];
  }

  /** Opens it, or brings it to the front; at a cell, or at the first one of a rule. */
  open(query?: string, row?: string): void {
    const column = query === undefined ? undefined : this.#state.result?.columns.indexOf(query);
    if (query !== undefined) this.#reveal = revealed(column === undefined || column < 0 ? undefined : column, row);
    this.#query = column === undefined || column < 0 ? query : undefined;
    if (this.#panel === undefined) {
      const options = { enableScripts: true, localResourceRoots: [this.#extension], enableFindWidget: true };
      this.#take(
        vscode.window.createWebviewPanel(panelType, vscode.l10n.t("Decision Matrix"), vscode.ViewColumn.Active, options),
      );
    } else this.#panel.reveal();
    if (this.#isReady) this.#show();
  }

  /** A rule whose column is not known yet. */
  #query: string | undefined;

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const uri = typeof kept === "object" && kept !== null ? (kept as { readonly uri?: unknown }).uri : undefined;
    if (typeof uri === "string" && uri !== "") this.#state.about(vscode.Uri.parse(uri));
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#extension] };
    this.#take(panel);
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#isReady = false;
    panel.webview.onDidReceiveMessage((request: PanelRequest) => {
      this.#answer(request).catch(this.#report);
    });
    panel.onDidChangeViewState(() => this.#state.shown(this, panel.visible));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#isReady = false;
      this.#state.shown(this, false);
    });
    panel.webview.html = this.#page(panel.webview);
    this.#state.shown(this, panel.visible);
  }

  #page(webview: vscode.Webview): string {
    const address = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#extension, ...path)).toString();
    const { cspSource } = webview;
    const policy = `default-src 'none'; style-src ${cspSource}; script-src ${cspSource}`;
    const language = vscode.env.language.replaceAll(/[^\w-]/gu, "");
    const uri = encodeURI(this.#state.uri?.toString() ?? "").replaceAll('"', "%22");
    return [
      "<!DOCTYPE html>",
      `<html lang="${language}"><head><meta charset="utf-8">`,
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      `<link rel="stylesheet" href="${address("assets", "matrix.css")}">`,
      `</head><body data-uri="${uri}"><script src="${address("dist", "matrix-panel.js")}"></script></body></html>`,
    ].join("\n");
  }

  #send(message: PanelMessage): void {
    if (this.#isReady) void this.#panel?.webview.postMessage(message);
  }

  #show(): void {
    if (!this.#isReady) return;
    const { result, problem, isBusy, pins } = this.#state;
    this.#send({ kind: "state", state: panelState(result, problem, isBusy, pins) });
    if (this.#query !== undefined && result !== undefined) {
      const column = result.columns.indexOf(this.#query);
      this.#reveal = revealed(column < 0 ? undefined : column, undefined);
      this.#query = undefined;
    }
    if (this.#reveal === undefined || result === undefined) return;
    this.#send(this.#reveal);
    this.#reveal = undefined;
  }

  async #answer(request: PanelRequest): Promise<void> {
    const actions = this.#actions;
    switch (request.kind) {
      case "ready":
        this.#isReady = true;
        this.#show();
        return;
      case "run":
        return this.#state.run("all");
      case "stop":
        return this.#state.stop();
      case "copy":
        return actions.copy(request.format, request.rows);
      case "accept":
        return actions.accept(request.cells.flatMap(({ row, column }) => actions.cell(row, column) ?? []));
      case "pin":
        return this.#state.pin(request.row);
      case "open":
      case "runRow": {
        const row = actions.row(request.row);
        if (row === undefined) return;
        return request.kind === "open" ? actions.openInput(row) : this.#state.run({ uri: row.uri, profile: row.profile });
      }
      default: {
        const cell = actions.cell(request.cell.row, request.cell.column);
        if (cell === undefined) return;
        if (request.kind === "acceptCell") return actions.accept([cell]);
        return actions[request.kind](cell);
      }
    }
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

const revealed = (column: number | undefined, row: string | undefined): Extract<PanelMessage, { kind: "reveal" }> | undefined =>
  column === undefined ? undefined : { kind: "reveal", column, ...(row === undefined ? {} : { row }) };

function panelState(
  result: MatrixResult | undefined,
  problem: string | undefined,
  busy: boolean,
  pins: ReadonlySet<string>,
): PanelState {
  const { columns, rows } = result ?? { columns: [], rows: [] };
  const notice = problem ?? (result && emptyWords(result));
  return {
    columns: columns.map(columnName),
    rows: rows.map((row) => panelRow(row, columns, pins)),
    summary: result === undefined || emptyWords(result) !== undefined ? "" : summary(result),
    ...(notice === undefined ? {} : { notice }),
    busy,
    words: pageWords(),
  };
}

function panelRow(row: MatrixRow, columns: readonly string[], pins: ReadonlySet<string>): PanelState["rows"][number] {
  const { name, folder, profile, problem, cells } = row;
  return {
    id: rowId(row),
    name,
    folder,
    profile: profile ?? "",
    pinned: pins.has(rowId(row)),
    ...(problem === undefined ? {} : { problem }),
    cells: cells.map((cell, at) => {
      if (cell === null) return null;
      const { kind, text, expected, published } = cell;
      return {
        kind,
        text,
        label: cellWords(columnName(columns[at]!), name, cell),
        ...(expected === undefined ? {} : { expected: expected.text }),
        ...(isFailed(cell) ? { difference: expected?.difference ?? "" } : {}),
        ...(published === undefined ? {} : { published: published.text }),
        ...(isChanged(cell) ? { changed: true as const } : {}),
      };
    }),
  };
}
