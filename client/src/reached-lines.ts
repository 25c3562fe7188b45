// What an evaluation reached, painted in the policies until it is asked for again or a policy is edited, of which it says nothing then.
import * as vscode from "vscode";
import type { EvaluateParams, Range, ReachedPolicy } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";

const kinds = ["covered", "missing", "excluded"] as const;
type Kind = (typeof kinds)[number];

/** Lines that are not reached have a border too: color alone does not tell. */
const looks: Readonly<Record<Kind, vscode.DecorationRenderOptions>> = {
  covered: { backgroundColor: new vscode.ThemeColor("rw.coverage.covered") },
  missing: {
    backgroundColor: new vscode.ThemeColor("rw.coverage.uncovered"),
    border: "1px dashed",
    borderColor: new vscode.ThemeColor("rw.coverage.uncoveredBorder"),
  },
  excluded: {
    backgroundColor: new vscode.ThemeColor("rw.coverage.excluded"),
    border: "1px dotted",
    borderColor: new vscode.ThemeColor("rw.coverage.uncoveredBorder"),
  },
};

export class ReachedLines implements vscode.Disposable {
  readonly #server: ServerLink;
  readonly #types = new Map(kinds.map((kind) => [kind, vscode.window.createTextEditorDecorationType(looks[kind])]));
  readonly #subscriptions = [
    vscode.window.onDidChangeVisibleTextEditors(() => this.#paint()),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && this.#policies.delete(document.uri.toString())) this.#paint();
    }),
  ];
  readonly #policies = new Map<string, ReachedPolicy>();

  constructor(server: ServerLink) {
    this.#server = server;
  }

  /** Shows what is reached, or hides what is shown. */
  async toggle(params: EvaluateParams): Promise<void> {
    if (this.#policies.size > 0) {
      this.#show([]);
      this.#say(vscode.l10n.t("Coverage is hidden"));
      return;
    }
    const { policies, error, query, inputUsed } = await this.#server.coverage(params);
    this.#show(policies);
    if (policies.length === 0) {
      if (error !== undefined) throw new Error(error);
      this.#say(vscode.l10n.t("{0} for {1} reaches no rule", query, inputUsed));
      return;
    }
    const count = (kind: Kind): number => policies.reduce((all, one) => all + one[kind].length, 0);
    const reached = count("covered");
    const all = reached + count("missing") + count("excluded");
    this.#say(vscode.l10n.t("{0} for {1}: {2} of {3} expressions reached", query, inputUsed, reached, all));
  }

  #say(text: string): void {
    void vscode.window.setStatusBarMessage(text, 8000);
  }

  #show(policies: readonly ReachedPolicy[]): void {
    this.#policies.clear();
    for (const policy of policies) this.#policies.set(vscode.Uri.parse(policy.uri).toString(), policy);
    this.#paint();
  }

  #paint(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const policy = this.#policies.get(editor.document.uri.toString());
      for (const [kind, type] of this.#types) {
        const options = (range: Range): vscode.DecorationOptions => ({
          range: this.#server.range(range),
          hoverMessage: words(kind),
        });
        editor.setDecorations(type, policy?.[kind].map(options) ?? []);
      }
    }
  }

  dispose(): void {
    for (const one of [...this.#subscriptions, ...this.#types.values()]) one.dispose();
  }
}

function words(kind: Kind): string {
  if (kind === "covered") return vscode.l10n.t("Reached");
  if (kind === "missing") return vscode.l10n.t("Not reached");
  return vscode.l10n.t("Not reached: the rule index or an early exit leaves it out");
}
