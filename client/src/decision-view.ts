// The Decision view: what every rule of the policy in front gave, with the input that was used, and the whole value as a document.
import * as vscode from "vscode";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import { type LiveState, ruleAt } from "./live-state.ts";
import { decisionScheme } from "./names.ts";

type Entry =
  | { readonly kind: "input"; readonly live: LiveParams }
  | { readonly kind: "problem"; readonly text: string }
  | { readonly kind: "rule"; readonly live: LiveParams; readonly rule: LiveRule; readonly current: boolean }
  | { readonly kind: "print"; readonly live: LiveParams; readonly line: number; readonly text: string };

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

  constructor(live: LiveState) {
    this.#live = live;
    this.#view = vscode.window.createTreeView("rw.decision", { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      live.onChange(() => this.#refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#refresh()),
      vscode.window.onDidChangeTextEditorSelection((event) => {
        if (event.textEditor.document.languageId === "rego") this.#refresh();
      }),
    ];
    this.#refresh();
  }

  #refresh(): void {
    const active = vscode.window.activeTextEditor?.document;
    if (active?.languageId === "rego") this.#document = active.uri;
    const live = this.#live.of(this.#document);
    this.#view.description = live === undefined ? "" : describe(live);
    this.#changed.fire(undefined);
  }

  getChildren(parent?: Entry): Entry[] {
    if (parent !== undefined) return [];
    const live = this.#live.of(this.#document);
    if (live === undefined) return [];
    const editor = vscode.window.activeTextEditor;
    const line = editor?.document.uri.toString() === this.#document?.toString() ? (editor?.selection.active.line ?? -1) : -1;
    const current = line < 0 ? undefined : ruleAt(live, line);
    const rules = live.rules.map((rule): Entry => ({ kind: "rule", live, rule, current: rule === current }));
    const prints = live.prints.map((print): Entry => ({ kind: "print", live, ...print }));
    const problem: Entry[] = live.problem === undefined ? [] : [{ kind: "problem", text: live.problem }];
    return [{ kind: "input", live }, ...problem, ...rules, ...prints];
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    switch (entry.kind) {
      case "input": {
        const item = new vscode.TreeItem(entry.live.sample ?? "no input");
        item.description = entry.live.profile === undefined ? "input" : `input · ${entry.live.profile}`;
        item.iconPath = new vscode.ThemeIcon("symbol-object");
        item.tooltip = "The input that was used. Choose another one with the button above.";
        item.command = { command: "rw.pickInput", title: "Choose Sample Input" };
        return item;
      }
      case "problem": {
        const item = new vscode.TreeItem(entry.text);
        item.iconPath = new vscode.ThemeIcon("warning");
        return item;
      }
      case "rule": {
        const { rule, live } = entry;
        const item = new vscode.TreeItem(entry.current ? { label: rule.name, highlights: [[0, rule.name.length]] } : rule.name);
        const wrong = rule.expected !== undefined && !rule.expected.matches;
        item.description = `${rule.text}${wrong ? `  ✗ expected ${rule.expected?.text}` : ""}${live.stale ? "  (stale)" : ""}`;
        const [icon, color] = wrong ? (["error", "rw.value.error"] as const) : icons[rule.kind];
        item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(live.stale ? "rw.value.stale" : color));
        item.tooltip = new vscode.MarkdownString().appendCodeblock(rule.full, "json");
        item.accessibilityInformation = { label: `${rule.name} is ${rule.text}${live.stale ? ", of an earlier version" : ""}` };
        item.command = { command: "rw.decision.reveal", title: "Show", arguments: [live.uri, rule.range] };
        return item;
      }
      case "print": {
        const item = new vscode.TreeItem(entry.text);
        item.description = `print, line ${entry.line + 1}`;
        item.iconPath = new vscode.ThemeIcon("output");
        const at = { line: entry.line, character: 0 };
        item.command = { command: "rw.decision.reveal", title: "Show", arguments: [entry.live.uri, { start: at, end: at }] };
        return item;
      }
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function describe(live: LiveParams): string {
  return live.stale ? `stale since ${new Date(live.at).toLocaleTimeString()}` : `${live.package} · ${live.ms.toFixed(1)} ms`;
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
    if (live === undefined) return "// no decision yet\n";
    const head = [
      `// ${live.package} for ${live.sample ?? "no input"}${live.profile === undefined ? "" : ` (${live.profile})`}, ${live.ms.toFixed(1)} ms`,
      ...(live.stale ? [`// stale: of the text at ${new Date(live.at).toLocaleTimeString()}`] : []),
      ...live.prints.map((print) => `// print, line ${print.line + 1}: ${print.text}`),
    ];
    const rules = live.rules.map((rule) =>
      rule.kind === "value"
        ? `  ${JSON.stringify(rule.name)}: ${rule.full.replaceAll("\n", "\n  ")}`
        : `  // ${rule.name}: ${rule.text}`,
    );
    return `${head.join("\n")}\n{\n${rules.map((rule, at) => (at + 1 < rules.length && !rule.startsWith("  //") ? `${rule},` : rule)).join("\n")}\n}\n`;
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
