// The resolved JSON of a HOCON input beside its source, following it while typing.
import * as vscode from "vscode";
import { resolvedScheme } from "./names.ts";
import type { ServerLink } from "./server-link.ts";

export class ResolvedPreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #server: ServerLink;
  readonly #lastGood = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(server: ServerLink) {
    this.#server = server;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(resolvedScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === "hocon") this.#refreshAll();
      }),
      server.onStatus(() => this.#refreshAll()),
    ];
  }

  #refreshAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === resolvedScheme) this.#changed.fire(document.uri);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { json, problems } = await this.#server.resolve({ uri: uri.query });
    const key = uri.query;
    if (json !== undefined && problems.length === 0) this.#lastGood.set(key, json);
    const text = json ?? this.#lastGood.get(key) ?? "";
    return `${problems.map((problem) => `// ✗ ${problem}\n`).join("")}${text}\n`;
  }

  /** Opens the preview beside the source. */
  async show(source: vscode.Uri): Promise<void> {
    const name = source.path.slice(source.path.lastIndexOf("/") + 1).replace(/\.\w+$/u, "");
    const uri = vscode.Uri.from({ scheme: resolvedScheme, path: `/${name}.resolved.jsonc`, query: source.toString() });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
