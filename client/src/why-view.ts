// The Why view: the clauses of a rule with the expressions that held and those that did not, for one input; and why something is in a set.
import * as vscode from "vscode";
import type { WhatIfResult, WhyParams, WhyResult, WhyRow } from "#protocol/messages.ts";
import type { EvaluationResults } from "./evaluation.ts";
import type { ServerLink } from "./server-link.ts";
import { slowly } from "./slowly.ts";
import { commandOf, type ToldRow, toldRows } from "./told-rows.ts";
import { detailOf, headOf, labelOf, type ShownWhy, textOf, wordOf } from "./why-words.ts";

type Row = ToldRow<ShownWhy>;

const marks: Record<NonNullable<WhyRow["mark"]>, readonly [icon: string, color: string]> = {
  held: ["pass", "testing.iconPassed"],
  failed: ["error", "testing.iconFailed"],
  unreached: ["circle-outline", "testing.iconSkipped"],
};

export class WhyView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #server: ServerLink;
  readonly #view: vscode.TreeView<Row>;
  readonly #subscriptions: vscode.Disposable[];
  #asked: WhyParams | undefined;
  #told: WhyResult | undefined;
  #whatIf: WhatIfResult | undefined;
  /** What the rule that is asked about gathers. */
  #members: readonly string[] | undefined;
  #rows: readonly Row[] = [];
  #question = new vscode.CancellationTokenSource();

  constructor(server: ServerLink) {
    this.#server = server;
    this.#view = vscode.window.createTreeView("rw.why", { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Opening a document may change it, too.
        if (contentChanges.length > 0 && document.isDirty) this.#outdated();
      }),
    ];
  }

  /** Asks, and shows what it came to; a question that is still open is withdrawn. */
  async ask(params: WhyParams): Promise<void> {
    this.#question.cancel();
    const question = new vscode.CancellationTokenSource();
    this.#question = question;
    const told = await slowly(vscode.l10n.t("Telling why"), question, this.#server.why(params, question.token));
    if (told === undefined || question.token.isCancellationRequested) return;
    // What the cursor is at now is asked again later, too.
    this.#asked = { ...params, query: told.query };
    this.#told = told;
    if (params.member === undefined) this.#members = told.members;
    this.#whatIf = undefined;
    this.#rows = toldRows<ShownWhy>(told.tree ?? []);
    const head = vscode.l10n.t("{0}, for {1}", headOf(told), told.inputUsed);
    this.#view.description = "";
    this.#view.message = told.problem === undefined ? head : `${head}: ${told.problem}`;
    await vscode.commands.executeCommand("setContext", "rw.hasWhy", true);
    await vscode.commands.executeCommand("setContext", "rw.whyGathers", told.members !== undefined);
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand("rw.why.focus");
    const first = this.#rows[0] && deciding(this.#rows[0]);
    if (first !== undefined) await this.#view.reveal(first, { select: true, focus: true, expand: true });
    if (told.problem === undefined) await this.#lookFor(question);
  }

  /** Adds what would make it true, when that is found. */
  async #lookFor(question: vscode.CancellationTokenSource): Promise<void> {
    const asked = this.#asked;
    const told = this.#told;
    if (asked === undefined || told === undefined) return;
    let found: WhatIfResult;
    try {
      found = await this.#server.whatIf(asked, question.token);
    } catch (error) {
      if (question.token.isCancellationRequested) return;
      throw error;
    }
    if (question.token.isCancellationRequested || found.proposals.length === 0) return;
    this.#whatIf = found;
    // The rows that are shown stay, and with them what is chosen.
    this.#rows = [...this.#rows, ...toldRows<ShownWhy>([proposalsOf(found)])];
    this.#changed.fire(undefined);
  }

  /** Changes the sample as a proposal says, and tells why again. */
  async apply(row: unknown): Promise<void> {
    const asked = this.#asked;
    const { changes } = (row as Partial<Row> | undefined)?.row ?? {};
    if (asked === undefined || changes === undefined) return;
    const result = await this.#server.applyWhatIf({ ...asked, changes });
    if ("problem" in result) throw new Error(result.problem);
    await vscode.window.showTextDocument(vscode.Uri.parse(result.uri), { preserveFocus: true });
    await this.ask(asked);
  }

  async again(): Promise<void> {
    if (this.#asked !== undefined) await this.ask(this.#asked);
  }

  /** Asks why something is in the set or object that is shown, or is not. */
  async askMember(): Promise<void> {
    const asked = this.#asked;
    if (asked === undefined || this.#members === undefined)
      throw new Error(vscode.l10n.t("ask why a set or an object is what it is first"));
    const member = await pickMember(asked.query?.replace(/^data\./u, "") ?? "", this.#members);
    if (member === undefined) return;
    const { member: _, ...rule } = asked;
    await this.ask(member === "" ? rule : { ...rule, member });
  }

  async showText(results: EvaluationResults): Promise<void> {
    if (this.#told === undefined) throw new Error(vscode.l10n.t("ask why a rule is what it is first"));
    const { query, inputUsed, tree, text } = this.#told;
    const head = vscode.l10n.t("Why {0}, for {1}", query.replace(/^data\./u, ""), inputUsed);
    const found = this.#whatIf === undefined ? [] : ["", ...textOf([proposalsOf(this.#whatIf)])];
    const told =
      tree === undefined ? [text] : [headOf(this.#told), "", ...textOf(tree.map((row) => ({ ...row, detail: "" }))), ...found];
    await results.showText("why.txt", `${[head, "", ...told].join("\n")}\n`);
  }

  #outdated(): void {
    if (this.#told !== undefined) this.#view.description = vscode.l10n.t("of an earlier version of the text");
  }

  getParent({ parent }: Row): Row | undefined {
    return parent;
  }

  getChildren(parent?: Row): Row[] {
    return [...(parent?.children ?? this.#rows)];
  }

  getTreeItem({ row, children }: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(labelOf(row), children.length === 0 ? vscode.TreeItemCollapsibleState.None : stateOf(row));
    const detail = detailOf(row);
    item.description = detail;
    item.iconPath = iconOf(row);
    if (row.kind === "proposal" && this.#whatIf?.sample !== undefined) item.contextValue = "rw.why.proposal";
    const words = [wordOf(row), detail].filter((part) => part !== "");
    const spoken = `${labelOf(row)}, ${words.join(", ")}`;
    item.accessibilityInformation = { label: spoken };
    item.tooltip = new vscode.MarkdownString().appendCodeblock(row.label, "rego").appendText(words.join(", "));
    const command = commandOf(row);
    if (command !== undefined) item.command = command;
    return item;
  }

  dispose(): void {
    this.#question.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** What is to be looked at: the clause that held, else the first expression that did not, in the rules behind it where there are some. */
function deciding(rule: Row): Row {
  const held = rule.children.find(({ row }) => row.mark === "held");
  if (held !== undefined && held.row.kind !== "default") return held;
  const failed = rule.children.flatMap(({ children }) => children).find(({ row }) => row.isFirstFailure === true);
  return failed ?? held ?? rule;
}

/** Expressions that held lead nowhere; of clauses those are open that say more than that they were not reached. */
function stateOf({ kind, mark }: ShownWhy): vscode.TreeItemCollapsibleState {
  const isOpen = kind === "rule" || kind === "proposals" || mark === "held" || mark === "failed";
  return isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

function iconOf({ kind, mark }: ShownWhy): vscode.ThemeIcon {
  if (kind === "proposal") return new vscode.ThemeIcon("edit");
  if (kind === "nearest" || kind === "proposals") return new vscode.ThemeIcon("lightbulb");
  if (mark === undefined) return new vscode.ThemeIcon(kind === "again" ? "reply" : "symbol-function");
  const [icon, color] = marks[mark];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** A row with a row for each proposal. */
function proposalsOf({ proposals, isCut }: WhatIfResult): ShownWhy {
  const children = proposals.map((changes): ShownWhy => ({ kind: "proposal", label: "", detail: "", changes, children: [] }));
  const detail = isCut ? vscode.l10n.t("not all was tried") : "";
  return { kind: "proposals", label: "", detail, children };
}

/** A member that there is, another that is typed, or `""` for the whole again. */
function pickMember(rule: string, members: readonly string[]): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick();
  pick.title = vscode.l10n.t("Why is it in {0}, or is not?", rule);
  pick.placeholder = vscode.l10n.t("A value as in Rego, or a text");
  const there = members.map((label): vscode.QuickPickItem => ({ label, description: vscode.l10n.t("is in it") }));
  const show = (): void => {
    const typed = pick.value.trim();
    const isThere = members.some((one) => one === typed || one === JSON.stringify(typed));
    const other = typed === "" || isThere ? [] : [{ label: typed, description: vscode.l10n.t("as typed"), alwaysShow: true }];
    pick.items = [...other, ...there];
  };
  show();
  return new Promise((ok) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      ok(pick.selectedItems[0]?.label ?? pick.value.trim());
      pick.hide();
    });
    pick.onDidHide(() => {
      ok(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
