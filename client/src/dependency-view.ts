// The Dependencies view: which input and data each decision reads, through which rules, and packages that import each other.
import * as vscode from "vscode";
import type { DependenciesParams, DependenciesResult, DependencyRow } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";
import { commandOf, type ToldRow, toldRows } from "./told-rows.ts";

type Row = ToldRow<DependencyRow>;

const icons: Record<DependencyRow["kind"], string> = {
  decision: "law",
  inputs: "symbol-object",
  documents: "database",
  rules: "symbol-function",
  rule: "symbol-function",
  input: "symbol-field",
  data: "symbol-field",
  circles: "sync",
  circle: "sync",
  import: "arrow-right",
};

export class DependencyView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #server: ServerLink;
  readonly #view: vscode.TreeView<Row>;
  readonly #subscriptions: vscode.Disposable[];
  #asked: DependenciesParams | undefined;
  #found: DependenciesResult | undefined;
  #rows: readonly Row[] = [];

  constructor(server: ServerLink) {
    this.#server = server;
    this.#view = vscode.window.createTreeView("rw.dependencies", { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#found !== undefined && document.isDirty && contentChanges.length > 0 && document.languageId === "rego")
          this.#view.description = vscode.l10n.t("of an earlier version of the text");
      }),
    ];
  }

  /** Shows the decisions of a project, and the rule at the range before them. */
  async show(params: DependenciesParams): Promise<void> {
    const found = await this.#server.dependencies(params);
    this.#asked = params;
    this.#found = found;
    this.#rows = toldRows(found.rows);
    this.#view.description = "";
    const none = vscode.l10n.t("There are no decisions: mark a rule with `entrypoint: true`, or name it in rw.conf.");
    this.#view.message = this.#rows.length === 0 ? none : "";
    await vscode.commands.executeCommand("setContext", "rw.hasDependencies", true);
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand("rw.dependencies.focus");
    const first = this.#rows[0];
    if (first !== undefined) await this.#view.reveal(first, { select: true, focus: true, expand: 2 });
  }

  async again(): Promise<void> {
    if (this.#asked !== undefined) await this.show(this.#asked);
  }

  /** Opens what is shown as a document that can be kept. */
  async exportAs(): Promise<void> {
    const found = this.#found;
    if (found === undefined) throw new Error(vscode.l10n.t("show the dependencies first"));
    const formats = [
      { label: "Markdown", description: vscode.l10n.t("lists to read"), language: "markdown", content: found.markdown },
      {
        label: "Mermaid",
        description: vscode.l10n.t("to be drawn, in Markdown; what a variable decides is dashed"),
        language: "markdown",
        content: `\`\`\`mermaid\n${found.mermaid}\`\`\`\n`,
      },
      { label: "JSON", description: vscode.l10n.t("for programs"), language: "json", content: found.json },
    ];
    const chosen = await vscode.window.showQuickPick(formats, { title: vscode.l10n.t("Export dependencies as") });
    if (chosen === undefined) return;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(chosen));
  }

  getParent({ parent }: Row): Row | undefined {
    return parent;
  }

  getChildren(parent?: Row): Row[] {
    return [...(parent?.children ?? this.#rows)];
  }

  getTreeItem({ row, children }: Row): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(labelOf(row), children.length === 0 ? None : Collapsed);
    item.description = detailOf(row, children.length);
    item.iconPath = new vscode.ThemeIcon(icons[row.kind]);
    item.tooltip = row.label;
    item.accessibilityInformation = { label: [labelOf(row), item.description].filter((part) => part !== "").join(", ") };
    const command = commandOf(row);
    if (command !== undefined) item.command = command;
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function labelOf({ kind, label }: DependencyRow): string {
  switch (kind) {
    case "inputs":
      return vscode.l10n.t("input");
    case "documents":
      return vscode.l10n.t("data");
    case "rules":
      return vscode.l10n.t("rules");
    case "circles":
      return vscode.l10n.t("circular imports");
    case "decision":
    case "rule":
    case "input":
    case "data":
    case "circle":
    case "import":
      return label;
  }
}

function detailOf({ kind, isDynamic }: DependencyRow, children: number): string {
  if (isDynamic === true) return vscode.l10n.t("one of several: a variable decides");
  if (kind === "decision") return children === 0 ? vscode.l10n.t("reads nothing") : "";
  return kind === "inputs" || kind === "documents" || kind === "rules" || kind === "circles" ? String(children) : "";
}
