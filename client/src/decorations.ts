// Decisions at the end of lines: `  => true` behind the head of each rule, without moving the text.
import * as vscode from "vscode";
import type { LiveParams, LiveRule } from "#protocol/messages.ts";
import type { LiveState } from "./live-state.ts";

const kinds = ["value", "undefined", "error", "stale"] as const;
type Kind = (typeof kinds)[number];

const colors: Record<Kind, string> = {
  value: "rw.value.foreground",
  undefined: "rw.value.undefined",
  error: "rw.value.error",
  stale: "rw.value.stale",
};

/** Paints the live decisions of every visible editor. */
export class Decorations implements vscode.Disposable {
  readonly #types = new Map<Kind, vscode.TextEditorDecorationType>(
    kinds.map((kind) => [
      kind,
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        after: { color: new vscode.ThemeColor(colors[kind]), margin: "0 0 0 2ch" },
      }),
    ]),
  );
  readonly #live: LiveState;
  readonly #subscriptions: vscode.Disposable[];

  constructor(live: LiveState) {
    this.#live = live;
    this.#subscriptions = [
      live.onChange((params) => this.#paintAll(params.uri)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#paintAll()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("rw.live")) this.#paintAll();
      }),
    ];
  }

  #paintAll(uri?: string): void {
    const wanted = uri === undefined ? undefined : vscode.Uri.parse(uri).toString();
    for (const editor of vscode.window.visibleTextEditors) {
      if (wanted === undefined || editor.document.uri.toString() === wanted) this.#paint(editor);
    }
  }

  #paint(editor: vscode.TextEditor): void {
    const live = this.#live.of(editor.document.uri);
    const inline = vscode.workspace.getConfiguration("rw", editor.document.uri).get("live.mode") === "inline";
    const lines = new Map<Kind, vscode.DecorationOptions[]>(kinds.map((kind) => [kind, []]));
    if (live !== undefined && inline) {
      for (const rule of live.rules) {
        const line = rule.range.start.line;
        if (line >= editor.document.lineCount) continue;
        const end = editor.document.lineAt(line).range.end;
        const mismatch = rule.expected !== undefined && !rule.expected.matches;
        const kind: Kind = live.stale ? "stale" : mismatch ? "error" : rule.kind;
        lines.get(kind)?.push({
          range: new vscode.Range(end, end),
          hoverMessage: hoverOf(live, rule),
          renderOptions: { after: { contentText: paintedText(live, rule) } },
        });
      }
    }
    for (const [kind, type] of this.#types) editor.setDecorations(type, lines.get(kind) ?? []);
  }

  dispose(): void {
    for (const subscription of [...this.#subscriptions, ...this.#types.values()]) subscription.dispose();
  }
}

function paintedText(live: LiveParams, rule: LiveRule): string {
  const wrong = rule.expected !== undefined && !rule.expected.matches;
  return [
    `=> ${rule.text}`,
    ...(rule.pinned === undefined ? [] : [vscode.l10n.t("for {0} (pinned)", rule.pinned.name)]),
    ...(wrong ? [vscode.l10n.t("✗ expected {0}", rule.expected?.text ?? "")] : []),
    ...(live.stale ? [vscode.l10n.t("(stale)")] : []),
  ].join("  ");
}

function forInput(live: LiveParams, { pinned }: LiveRule): string {
  if (pinned !== undefined) return vscode.l10n.t("for {0} (pinned)", pinned.name);
  return vscode.l10n.t("for {0}", live.sample ?? vscode.l10n.t("no input"));
}

function hoverOf(live: LiveParams, rule: LiveRule): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${rule.path}**`);
  text.appendText(` ${forInput(live, rule)}`);
  text.appendCodeblock(rule.full, "json");
  const at = new Date(live.at).toLocaleTimeString(vscode.env.language);
  if (live.stale) text.appendText(vscode.l10n.t("Of an earlier version of the text ({0}).", at));
  if (rule.expected !== undefined)
    text.appendText(rule.expected.matches ? vscode.l10n.t("As expected.") : vscode.l10n.t("Expected: {0}", rule.expected.text));
  return text;
}
