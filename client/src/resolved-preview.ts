// The resolved JSON of a HOCON input beside its source, following it while typing; each value leads to where it was written.
import * as vscode from "vscode";
import type { ResolveResult } from "#protocol/messages.ts";
import { resolvedScheme } from "./names.ts";
import type { ServerLink } from "./server-link.ts";

interface Shown {
  readonly origins: ResolveResult["origins"];
  /** Lines of problems above the JSON. */
  readonly offset: number;
}

export class ResolvedPreview
  implements vscode.TextDocumentContentProvider, vscode.DefinitionProvider, vscode.HoverProvider, vscode.Disposable
{
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #server: ServerLink;
  readonly #lastGood = new Map<string, string>();
  readonly #shown = new Map<string, Shown>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(server: ServerLink) {
    this.#server = server;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(resolvedScheme, this),
      vscode.languages.registerDefinitionProvider({ scheme: resolvedScheme }, this),
      vscode.languages.registerHoverProvider({ scheme: resolvedScheme }, this),
      vscode.window.onDidChangeTextEditorSelection((event) => this.#follow(event)),
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
    const { json, problems, origins } = await this.#server.resolve({ uri: uri.query });
    const key = uri.query;
    if (json !== undefined && problems.length === 0) this.#lastGood.set(key, json);
    if (json !== undefined) this.#shown.set(key, { origins, offset: problems.length });
    const text = json ?? this.#lastGood.get(key) ?? "";
    return `${problems.map((problem) => `// ✗ ${problem}\n`).join("")}${text}\n`;
  }

  #originAt(uri: vscode.Uri, line: number): ResolveResult["origins"][number] | undefined {
    const shown = this.#shown.get(uri.query);
    return shown?.origins.find((origin) => origin.line + shown.offset === line);
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const origin = this.#originAt(document.uri, position.line);
    return origin && new vscode.Location(vscode.Uri.parse(origin.uri), this.#server.range(origin.range));
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const origin = this.#originAt(document.uri, position.line);
    if (origin === undefined) return undefined;
    const place = (at: { readonly uri: string; readonly range: { readonly start: { readonly line: number } } }) =>
      `\`${vscode.workspace.asRelativePath(vscode.Uri.parse(at.uri))}:${at.range.start.line + 1}\``;
    const from = vscode.l10n.t("{0} from {1}", `\`${origin.path}\``, place(origin));
    if (origin.overrides.length === 0) return new vscode.Hover(from);
    return new vscode.Hover(vscode.l10n.t("{0}, over {1}", from, origin.overrides.map(place).join(", ")));
  }

  /** The cursor of one side shows the same value on the other, without taking the focus. */
  #follow({ textEditor, kind }: vscode.TextEditorSelectionChangeEvent): void {
    if (kind === vscode.TextEditorSelectionChangeKind.Command || kind === undefined) return;
    const { document, selection } = textEditor;
    const line = selection.active.line;
    if (document.uri.scheme === resolvedScheme) {
      const origin = this.#originAt(document.uri, line);
      if (origin !== undefined) reveal(origin.uri, this.#server.range(origin.range));
      return;
    }
    for (const [key, { origins, offset }] of this.#shown) {
      const own = origins.find(({ uri, range }) => uri === document.uri.toString() && range.start.line === line);
      if (own === undefined) continue;
      const at = new vscode.Range(own.line + offset, 0, own.line + offset, 0);
      for (const editor of vscode.window.visibleTextEditors)
        if (editor.document.uri.scheme === resolvedScheme && editor.document.uri.query === key)
          reveal(editor.document.uri.toString(), at);
    }
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

function reveal(uri: string, range: vscode.Range): void {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === vscode.Uri.parse(uri).toString());
  if (editor === undefined) return;
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
