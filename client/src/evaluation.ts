// Evaluate commands: the result as a read-only document beside the editor, headed by the query, the time and the input used.
import * as vscode from "vscode";
import type { EvaluateParams, EvaluateResult } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";

export const resultScheme = "rw-result";

export class EvaluationResults implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #server: ServerLink;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(resultScheme, this);
  readonly #texts = new Map<string, string>();

  constructor(server: ServerLink) {
    this.#server = server;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  /** A read-only document with a text, under a name of its own. */
  textAs(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: resultScheme, path: `/${name}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    return uri;
  }

  /** Evaluates and shows the result. */
  async show(params: EvaluateParams): Promise<void> {
    await this.showText("output.jsonc", textOf(await this.#server.evaluate(params)));
  }

  /** Shows a text beside the editor. */
  async showText(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.textAs(name, text));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  }

  async copyCommandLine(params: EvaluateParams): Promise<void> {
    const { commandLine } = await this.#server.evaluate(params);
    await vscode.env.clipboard.writeText(commandLine);
    void vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", commandLine), 4000);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function textOf(result: EvaluateResult): string {
  return `${headOf(result, result.value)}\n`;
}

/** The query, its input and its time, what it printed, and its result in short or as given, each line a comment but the value. */
export function headOf(result: EvaluateResult, value = shortValue(result)): string {
  const comment = (text: string) => `// ${text.replaceAll("\n", "\n// ")}`;
  const head = comment(vscode.l10n.t("{0} for {1}, {2} ms", result.query, result.inputUsed, result.ms.toFixed(1)));
  const prints = result.prints.map((print) => comment(vscode.l10n.t("print: {0}", print)));
  const none = result.undefined === true ? comment(vscode.l10n.t("undefined")) : (value ?? "");
  const body = result.error === undefined ? none : comment(vscode.l10n.t("error: {0}", result.error));
  return [head, ...prints, ...(body === "" ? [] : [body])].join("\n");
}

const longestShort = 200;

/** On a line of its own. */
function shortValue({ value }: EvaluateResult): string | undefined {
  const short = value?.replace(/\s*\n\s*/gu, " ");
  return short === undefined ? undefined : `// ${short.length > longestShort ? `${short.slice(0, longestShort)}…` : short}`;
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
