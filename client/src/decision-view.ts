// The Decision view: what every rule of the policy in front gave, with the input that was used, and the whole value as a document.
import * as vscode from "vscode";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import { type LiveState, ruleAt } from "./live-state.ts";
import { decisionScheme } from "./names.ts";

type Entry =
  | { readonly kind: "input"; readonly live: LiveParams }
  | { readonly kind: "package"; readonly live: LiveParams }
  | { readonly kind: "rule"; readonly live: LiveParams; readonly rule: LiveRule }
  | { readonly kind: "print"; readonly live: LiveParams; readonly at: number; readonly line: number; readonly text: string };

const icons: Record<LiveRule["kind"], [string, string]> = {
  value: ["symbol-constant", "rw.value.foreground"],
  undefined: ["circle-slash", "rw.value.undefined"],
  error: ["error", "rw.value.error"],
};

export class DecisionView implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Entry | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #live: LiveState;
  readonly #view: vscode.TreeView<Entry>;
  readonly #subscriptions: vscode.Disposable[];
  #document: vscode.Uri | undefined;
  #entries: readonly Entry[] = [];
  /** What is shown, as text: what says the same again is not shown again, so that a screen reader stays quiet. */
  #shown = "";

  constructor(live: LiveState) {
    this.#live = live;
    this.#view = vscode.window.createTreeView("rw.decision", { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      live.onChange((params) => {
        if (vscode.Uri.parse(params.uri).toString() === this.#document?.toString()) this.#refresh();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#refresh()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("rw.live")) this.#refresh();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#select(textEditor)),
      this.#view.onDidChangeVisibility(() => this.#select(vscode.window.activeTextEditor)),
    ];
    this.#refresh();
  }

  /** The policy that the view is about. */
  get document(): vscode.Uri | undefined {
    return this.#document;
  }

  #refresh(): void {
    const active = vscode.window.activeTextEditor?.document;
    if (active?.languageId === "rego") this.#document = active.uri;
    const isOff = vscode.workspace.getConfiguration("rw", this.#document).get("live.mode") === "off";
    const live = isOff ? undefined : this.#live.of(this.#document);
    const shown = JSON.stringify({ ...live, at: undefined, ms: undefined, version: undefined });
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#entries = live === undefined ? [] : entriesOf(live);
      const message = live === undefined ? undefined : messageOf(live);
      if (this.#view.message !== message) this.#view.message = message;
      // The welcome text would take the focus, and lose it when the rows come.
      void vscode.commands.executeCommand("setContext", "rw.hasDecision", this.#entries.length > 0);
      this.#changed.fire(undefined);
    }
    this.#select(vscode.window.activeTextEditor);
  }

  /** Moves the focus to the rule at the cursor, or to the first row; the editor's own command does so only once the view has been open. */
  async show(): Promise<void> {
    const entry = this.#entryAt(vscode.window.activeTextEditor) ?? this.#entries[0];
    await vscode.commands.executeCommand("rw.decision.focus");
    if (entry !== undefined && this.#entries.includes(entry)) await this.#view.reveal(entry, { select: true, focus: true });
  }

  #entryAt(editor: vscode.TextEditor | undefined): Entry | undefined {
    if (editor?.document.uri.toString() !== this.#document?.toString()) return undefined;
    const live = this.#live.of(this.#document);
    const rule = live && editor && ruleAt(live, editor.selection.active.line);
    return this.#entries.find((one) => one.kind === "rule" && one.rule.path === rule?.path);
  }

  /** The rule at the cursor is the selected one, without taking the focus. */
  #select(editor: vscode.TextEditor | undefined): void {
    if (!this.#view.visible) return;
    const entry = this.#entryAt(editor);
    if (entry === undefined || this.#view.selection[0] === entry) return;
    // The tree may have been given other entries meanwhile: then there is nothing to select.
    this.#view.reveal(entry, { select: true, focus: false }).then(undefined, () => undefined);
  }

  getParent(): undefined {
    return undefined;
  }

  getChildren(parent?: Entry): Entry[] {
    return parent === undefined ? [...this.#entries] : [];
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    switch (entry.kind) {
      case "input": {
        const { sample, profile } = entry.live;
        const item = new vscode.TreeItem(sample ?? vscode.l10n.t("no input"));
        item.id = "input";
        item.description = profile === undefined ? vscode.l10n.t("input") : vscode.l10n.t("input · {0}", profile);
        item.iconPath = new vscode.ThemeIcon("symbol-object");
        item.tooltip = vscode.l10n.t("The input that was used. Press Enter to choose another one.");
        item.accessibilityInformation = { label: vscode.l10n.t("Sample input: {0}", `${item.label}, ${item.description}`) };
        item.command = { command: "rw.pickInput", title: vscode.l10n.t("Choose Sample Input") };
        return item;
      }
      case "package": {
        const item = new vscode.TreeItem(`data.${entry.live.package}`);
        item.id = "package";
        item.description = `${entry.live.ms.toFixed(1)} ms`;
        item.iconPath = new vscode.ThemeIcon("package");
        item.tooltip = vscode.l10n.t("The package, and how long its rules took. Press Enter for the full decision.");
        item.accessibilityInformation = { label: vscode.l10n.t("Package {0}, {1}", `${item.label}`, `${item.description}`) };
        item.command = { command: "rw.decision.open", title: vscode.l10n.t("Open the Full Decision") };
        return item;
      }
      case "rule":
        return ruleItem(entry.live, entry.rule);
      case "print": {
        const item = new vscode.TreeItem(entry.text);
        item.id = `print ${entry.at}`;
        item.description = vscode.l10n.t("print, line {0}", entry.line + 1);
        item.iconPath = new vscode.ThemeIcon("output");
        item.accessibilityInformation = { label: vscode.l10n.t("Print of line {0}: {1}", entry.line + 1, entry.text) };
        const at = { line: entry.line, character: 0 };
        const show = vscode.l10n.t("Show");
        item.command = { command: "rw.decision.reveal", title: show, arguments: [entry.live.uri, { start: at, end: at }] };
        return item;
      }
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function entriesOf(live: LiveParams): readonly Entry[] {
  return [
    { kind: "input", live },
    { kind: "package", live },
    ...live.rules.map((rule): Entry => ({ kind: "rule", live, rule })),
    ...live.prints.map((print, at): Entry => ({ kind: "print", live, at, ...print })),
  ];
}

/** Why what is shown is not the decision of the text as it is now. */
function messageOf(live: LiveParams): string | undefined {
  if (!live.stale) return live.problem;
  const reason = live.problem ?? vscode.l10n.t("the text has problems");
  return live.rules.length === 0
    ? vscode.l10n.t("No decision yet: {0}", reason)
    : vscode.l10n.t("Stale since {0}: {1}", timeOf(live), reason);
}

function timeOf(live: LiveParams): string {
  return new Date(live.at).toLocaleTimeString(vscode.env.language);
}

function ruleItem(live: LiveParams, rule: LiveRule): vscode.TreeItem {
  const item = new vscode.TreeItem(rule.name);
  item.id = rule.path;
  const wrong = rule.expected !== undefined && !rule.expected.matches;
  const pinned = rule.pinned === undefined ? "" : `  ${vscode.l10n.t("for {0} (pinned)", rule.pinned.name)}`;
  const expected = wrong ? `  ${vscode.l10n.t("✗ expected {0}", rule.expected?.text ?? "")}` : "";
  item.description = `${rule.text}${pinned}${expected}${live.stale ? `  ${vscode.l10n.t("(stale)")}` : ""}`;
  const [icon, color] = wrong ? (["error", "rw.value.error"] as const) : icons[rule.kind];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(live.stale ? "rw.value.stale" : color));
  item.tooltip = new vscode.MarkdownString().appendCodeblock(rule.full, "json");
  const words = [
    vscode.l10n.t("{0} is {1}", rule.name, rule.text),
    ...(rule.pinned === undefined ? [] : [vscode.l10n.t("for {0} (pinned)", rule.pinned.name)]),
    ...(wrong ? [vscode.l10n.t("{0} is expected", rule.expected?.text ?? "")] : []),
    ...(live.stale ? [vscode.l10n.t("of an earlier version of the text")] : []),
  ];
  item.accessibilityInformation = { label: words.join(", ") };
  item.command = { command: "rw.decision.reveal", title: vscode.l10n.t("Show"), arguments: [live.uri, rule.range] };
  return item;
}

/** The document `rw-decision:…`: the whole value of the package in front, kept up to date. */
export class DecisionDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #live: LiveState;
  readonly #subscriptions: vscode.Disposable[];

  constructor(live: LiveState) {
    this.#live = live;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(decisionScheme, this),
      live.onChange((params) => this.#changed.fire(decisionUri(vscode.Uri.parse(params.uri)))),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const live = this.#live.of(vscode.Uri.parse(uri.query));
    if (live === undefined) return `// ${vscode.l10n.t("no decision yet")}\n`;
    const input = `${live.sample ?? vscode.l10n.t("no input")}${live.profile === undefined ? "" : ` (${live.profile})`}`;
    const message = messageOf(live);
    const head = [
      `// ${vscode.l10n.t("{0} for {1}, {2} ms", live.package, input, live.ms.toFixed(1))}`,
      ...(message === undefined ? [] : message.split("\n").map((line) => `// ${line}`)),
      ...live.prints.map((print) => `// ${vscode.l10n.t("print, line {0}", print.line + 1)}: ${print.text}`),
    ];
    const values = live.rules.filter((rule) => rule.kind === "value");
    const rules = live.rules.map((rule) => {
      const pinned =
        rule.pinned === undefined ? "" : `  // ${vscode.l10n.t("{0} for {1} (pinned)", rule.name, rule.pinned.name)}\n`;
      if (rule.kind !== "value") return `${pinned}  // ${rule.name}: ${rule.text}`;
      const comma = rule === values.at(-1) ? "" : ",";
      return `${pinned}  ${JSON.stringify(rule.name)}: ${rule.full.replaceAll("\n", "\n  ")}${comma}`;
    });
    return `${[...head, "{", ...rules, "}"].join("\n")}\n`;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** The virtual document for a policy's decisions. */
export function decisionUri(policy: vscode.Uri): vscode.Uri {
  const name = policy.path.slice(policy.path.lastIndexOf("/") + 1).replace(/\.rego$/u, "");
  return vscode.Uri.from({ scheme: decisionScheme, path: `/${name}.decision.jsonc`, query: policy.toString() });
}
