// What is done with rows and cells of the decision matrix, from its page, its tree and the palette.
import * as vscode from "vscode";
import type { MatrixRow } from "#protocol/messages.ts";
import type { Debugging } from "../debug/debugging.ts";
import type { EvaluationResults } from "../evaluation.ts";
import { nameOfFile } from "../file-systems.ts";
import type { ServerLink } from "../server-link.ts";
import type { WhyView } from "../why-view.ts";
import { writeQuietly } from "../written-files.ts";
import { isFailed } from "./cell-words.ts";
import { type MatrixState, rowId } from "./matrix-state.ts";
import { matrixText } from "./matrix-text.ts";

export interface CellAt {
  readonly row: MatrixRow;
  /** `data.storage.allow`. */
  readonly query: string;
}

export class MatrixActions {
  readonly #server: ServerLink;
  readonly #state: MatrixState;
  readonly #results: EvaluationResults;
  readonly #why: WhyView;
  readonly #debugging: Debugging;

  constructor(
    server: ServerLink,
    state: MatrixState,
    shown: { readonly results: EvaluationResults; readonly why: WhyView; readonly debugging: Debugging },
  ) {
    this.#server = server;
    this.#state = state;
    this.#results = shown.results;
    this.#why = shown.why;
    this.#debugging = shown.debugging;
  }

  row(id: string): MatrixRow | undefined {
    return this.#state.result?.rows.find((row) => rowId(row) === id);
  }

  cell(id: string, column: number): CellAt | undefined {
    const [row, query] = [this.row(id), this.#state.result?.columns[column]];
    return row === undefined || query === undefined ? undefined : { row, query };
  }

  async openInput({ uri }: MatrixRow): Promise<void> {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { viewColumn: vscode.ViewColumn.Beside });
  }

  value({ row, query }: CellAt): Promise<void> {
    return this.#results.show({ uri: row.uri, query, sample: row.uri, profile: row.profile });
  }

  why({ row, query }: CellAt): Promise<void> {
    return this.#why.ask({ uri: row.uri, query, sample: row.uri, profile: row.profile });
  }

  async debug({ row, query }: CellAt): Promise<void> {
    await this.#debugging.rule(row.uri, query, { inputPath: nameOfFile(vscode.Uri.parse(row.uri)), profile: row.profile ?? "" });
  }

  async createTest({ row, query }: CellAt): Promise<void> {
    const result = await this.#server.createTest({ uri: row.uri, query, sample: row.uri, profile: row.profile });
    if ("problem" in result) throw new Error(result.problem);
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(result.uri), { viewColumn: vscode.ViewColumn.Beside });
    const { line, character } = result.position;
    editor.selection = new vscode.Selection(line, character, line, character);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** Makes the decisions of cells the expected ones; several are asked about first, and errors among them are left out. */
  async accept(cells: readonly CellAt[]): Promise<void> {
    const kept = cells.length === 1 ? cells : cells.filter(({ row, query }) => this.#kindOf(row, query) !== "error");
    if (kept.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no decision to accept: errors are accepted one by one."));
      return;
    }
    if (cells.length > 1 && !(await isSure(kept))) return;
    const written: string[] = [];
    for (const [row, some] of Map.groupBy(kept, (cell) => cell.row)) {
      const path = some.map(({ query }) => query);
      const { uri, profile } = row;
      const result = await this.#server.acceptDecision({ uri, sample: uri, profile, path });
      if (result.uri === undefined || result.after === undefined)
        throw new Error(result.problem ?? vscode.l10n.t("there is no decision to keep"));
      const target = vscode.Uri.parse(result.uri);
      await writeQuietly(target, result.after);
      written.push(vscode.workspace.asRelativePath(target));
    }
    const [first = ""] = written;
    const said = written.length === 1 ? vscode.l10n.t("Wrote {0}", first) : vscode.l10n.t("Wrote {0} files", written.length);
    vscode.window.setStatusBarMessage(said, 4000);
  }

  /** Every cell that is not as expected. */
  get failed(): readonly CellAt[] {
    const { rows, columns } = this.#state.result ?? { rows: [], columns: [] };
    return rows.flatMap((row) => row.cells.flatMap((cell, at) => (isFailed(cell) ? [{ row, query: columns[at]! }] : [])));
  }

  #kindOf(row: MatrixRow, query: string): "value" | "undefined" | "error" | undefined {
    const column = this.#state.result?.columns.indexOf(query) ?? -1;
    return row.cells[column]?.kind;
  }

  async copy(format: "markdown" | "csv", ids?: readonly string[]): Promise<void> {
    const { result } = this.#state;
    if (result === undefined) throw new Error(vscode.l10n.t("there is no decision matrix yet"));
    const rows = ids === undefined ? result.rows : ids.flatMap((id) => this.row(id) ?? []);
    await vscode.env.clipboard.writeText(matrixText(result, rows, format, vscode.l10n.t("input")));
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied {0} rows", rows.length), 4000);
  }
}

async function isSure(cells: readonly CellAt[]): Promise<boolean> {
  const accept = {
    label: vscode.l10n.t("Expect {0} decisions as they are now", cells.length),
    iconPath: new vscode.ThemeIcon("check"),
  };
  const rows = cells.map(({ row, query }) => ({ label: `${row.name} · ${query.replace(/^data\./u, "")}` }));
  const separator = { label: vscode.l10n.t("What changes"), kind: vscode.QuickPickItemKind.Separator };
  const picked = await vscode.window.showQuickPick([accept, separator, ...rows], {
    title: vscode.l10n.t("Make the Differences Expected"),
    placeHolder: vscode.l10n.t("Files of expected decisions are written"),
  });
  return picked === accept;
}
