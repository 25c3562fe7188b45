// The view of the decision matrix: what is not as expected, what is decided otherwise than published, and every input with its decisions.
import * as vscode from "vscode";
import type { MatrixCell, MatrixResult, MatrixRow } from "#protocol/messages.ts";
import { cellWords, columnName, emptyWords, isChanged, isFailed, summary } from "./cell-words.ts";
import { type MatrixState, rowId } from "./matrix-state.ts";

interface Group {
  readonly kind: "group";
  readonly name: "failed" | "changed" | "all";
  readonly entries: readonly (Row | Cell)[];
}
interface Row {
  readonly kind: "row";
  readonly row: MatrixRow;
}
export interface Cell {
  readonly kind: "cell";
  readonly row: MatrixRow;
  readonly query: string;
  readonly cell: MatrixCell;
  /** With the name of its input, where it does not stand below it. */
  readonly alone: boolean;
}
export type MatrixEntry = Group | Row | Cell;

export class MatrixTree implements vscode.TreeDataProvider<MatrixEntry>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #state: MatrixState;
  readonly #view: vscode.TreeView<MatrixEntry>;
  readonly #subscriptions: vscode.Disposable[];
  /** What is shown, as text: what says the same again is not shown again. */
  #shown = "";

  constructor(state: MatrixState) {
    this.#state = state;
    this.#view = vscode.window.createTreeView("rw.matrix", { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      state.onChange(() => this.#refresh()),
      this.#view.onDidChangeVisibility(({ visible }) => state.shown(this, visible)),
    ];
    state.shown(this, this.#view.visible);
  }

  #refresh(): void {
    const { result, problem } = this.#state;
    const shown = JSON.stringify([problem, result && { ...result, evaluated: 0, ms: 0 }]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const failed = result?.rows.flatMap(({ cells }) => cells.filter(isFailed)).length ?? 0;
    this.#view.message = problem ?? (result && (emptyWords(result) ?? summary(result)));
    this.#view.badge =
      failed === 0 ? undefined : { value: failed, tooltip: vscode.l10n.t("{0} decisions are not as expected", failed) };
    this.#changed.fire();
  }

  getChildren(parent?: MatrixEntry): MatrixEntry[] {
    const { result } = this.#state;
    if (result === undefined) return [];
    if (parent === undefined) return groupsOf(result);
    if (parent.kind === "group") return [...parent.entries];
    return parent.kind === "row" ? cellsOf(result, parent.row, false) : [];
  }

  getTreeItem(entry: MatrixEntry): vscode.TreeItem {
    switch (entry.kind) {
      case "group":
        return groupItem(entry);
      case "row":
        return rowItem(entry.row);
      case "cell":
        return cellItem(entry, this.#state.result?.columns.indexOf(entry.query) ?? -1);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function groupsOf(result: MatrixResult): MatrixEntry[] {
  const cells = result.rows.flatMap((row) => cellsOf(result, row, true));
  const groups: readonly Group[] = [
    { kind: "group", name: "failed", entries: cells.filter(({ cell }) => isFailed(cell)) },
    { kind: "group", name: "changed", entries: cells.filter(({ cell }) => isChanged(cell)) },
    { kind: "group", name: "all", entries: result.rows.map((row): Row => ({ kind: "row", row })) },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

function cellsOf({ columns }: MatrixResult, row: MatrixRow, alone: boolean): Cell[] {
  return row.cells.flatMap((cell, at) =>
    cell === null ? [] : [{ kind: "cell" as const, row, query: columns[at]!, cell, alone }],
  );
}

function groupItem({ name, entries }: Group): vscode.TreeItem {
  const titles = {
    failed: vscode.l10n.t("Not as expected"),
    changed: vscode.l10n.t("Other than published"),
    all: vscode.l10n.t("All inputs"),
  };
  const state = name === "all" ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded;
  const item = new vscode.TreeItem(titles[name], state);
  item.id = name;
  item.description = String(entries.length);
  item.accessibilityInformation = { label: `${titles[name]}, ${entries.length}` };
  return item;
}

function rowItem(row: MatrixRow): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.name, row.problem === undefined ? Collapsed : None);
  const failed = row.cells.filter(isFailed).length;
  item.id = `row ${rowId(row)}`;
  item.description = row.problem ?? (failed === 0 ? row.folder : vscode.l10n.t("{0} not as expected", failed));
  item.iconPath =
    row.problem !== undefined || failed > 0
      ? new vscode.ThemeIcon("error", new vscode.ThemeColor("rw.value.error"))
      : new vscode.ThemeIcon("symbol-object");
  item.tooltip = row.problem;
  item.contextValue = "rw.matrix.row";
  item.accessibilityInformation = { label: `${row.name}, ${item.description}` };
  return item;
}

function cellItem({ row, query, cell, alone }: Cell, column: number): vscode.TreeItem {
  const rule = columnName(query);
  const item = new vscode.TreeItem(alone ? `${row.name} · ${rule}` : rule);
  item.id = `${alone ? (isFailed(cell) ? "failed" : "changed") : "cell"} ${query} ${rowId(row)}`;
  item.description = [
    cell.text,
    ...(isFailed(cell) ? [vscode.l10n.t("✗ expected {0}", cell.expected?.text ?? "")] : []),
    ...(isChanged(cell) ? [vscode.l10n.t("≠ published {0}", cell.published?.text ?? "")] : []),
  ].join("  ");
  item.iconPath = iconOf(cell);
  item.tooltip = cellWords(rule, row.name, cell);
  item.contextValue = isFailed(cell) ? "rw.matrix.cell.failed" : "rw.matrix.cell";
  item.accessibilityInformation = { label: cellWords(rule, row.name, cell) };
  const open = vscode.l10n.t("Show in the Decision Matrix");
  item.command = { command: "rw.matrix.open", title: open, arguments: [row.uri, query, rowId(row), column] };
  return item;
}

function iconOf(cell: MatrixCell): vscode.ThemeIcon {
  if (isFailed(cell) || cell.kind === "error") return new vscode.ThemeIcon("error", new vscode.ThemeColor("rw.value.error"));
  if (isChanged(cell)) return new vscode.ThemeIcon("diff-modified", new vscode.ThemeColor("rw.matrix.changed"));
  if (cell.expected !== undefined) return new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
  return cell.kind === "undefined"
    ? new vscode.ThemeIcon("circle-slash", new vscode.ThemeColor("rw.value.undefined"))
    : new vscode.ThemeIcon("symbol-constant", new vscode.ThemeColor("rw.value.foreground"));
}
