// Evaluate commands: the result as a read-only document beside the editor, headed by the query, the time and the input used.
import * as vscode from "vscode";
import type { EvaluateParams, EvaluateResult } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";

const scheme = "rw-result";

export class EvaluationResults implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #server: ServerLink;
  readonly #uri = vscode.Uri.from({ scheme, path: "/output.jsonc" });
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #text = "";

  constructor(server: ServerLink) {
    this.#server = server;
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  /** Evaluates and shows the result. */
  async show(params: EvaluateParams): Promise<void> {
    this.#text = textOf(await this.#server.evaluate(params));
    this.#changed.fire(this.#uri);
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  async copyCommandLine(params: EvaluateParams): Promise<void> {
    const { commandLine } = await this.#server.evaluate(params);
    await vscode.env.clipboard.writeText(commandLine);
    void vscode.window.setStatusBarMessage(`Copied: ${commandLine}`, 4000);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function textOf(result: EvaluateResult): string {
  const head = `// ${result.query} for ${result.inputUsed}, ${result.ms.toFixed(1)} ms`;
  const prints = result.prints.map((print) => `// print: ${print}`);
  const body =
    result.error !== undefined ? `// error: ${result.error}` : result.undefined === true ? "// undefined" : (result.value ?? "");
  return `${[head, ...prints, body].join("\n")}\n`;
}

/** What to evaluate for the editor in front: the selection, the rule at the cursor, or the package. */
export function paramsOf(editor: vscode.TextEditor, what: "rule" | "selection" | "package"): EvaluateParams {
  const { start, end } = editor.selection;
  const uri = editor.document.uri.toString();
  if (what === "package") return { uri };
  const range = { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
  const selected = editor.document.getText(editor.selection);
  return what === "selection" && selected.trim() !== "" ? { uri, query: selected } : { uri, range };
}
