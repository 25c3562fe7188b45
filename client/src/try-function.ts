// `Try…` above functions: asks for the arguments, which are remembered, and shows what the function gives.
import * as vscode from "vscode";
import type { EvaluationResults } from "./evaluation.ts";

export interface TriedFunction {
  readonly uri: string;
  /** `data.p.f`. */
  readonly path: string;
  /** As the first clause has them. */
  readonly parameters: readonly string[];
}

/** Asks for the arguments as Rego text, the last ones first in mind, and evaluates the call. */
export async function tryFunction(
  { uri, path, parameters }: TriedFunction,
  results: EvaluationResults,
  memory: vscode.Memento,
): Promise<void> {
  const key = `rw.arguments:${path}`;
  const name = path.slice(path.lastIndexOf(".") + 1);
  const written = await vscode.window.showInputBox({
    title: vscode.l10n.t("Try {0}", `${name}(${parameters.join(", ")})`),
    prompt: vscode.l10n.t("Arguments as Rego values with commas between them; input and data may be used."),
    placeHolder: vscode.l10n.t("for example {0}", parameters.map((_, at) => (at === 0 ? "input.user" : at)).join(", ")),
    value: memory.get<string>(key) ?? "",
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === "" && parameters.length > 0 ? vscode.l10n.t("{0} needs {1} arguments", name, parameters.length) : undefined,
  });
  if (written === undefined) return;
  await memory.update(key, written);
  await results.show({ uri, query: `${path}(${written})` });
}

/** The function at the cursor, or the next one above it. */
export async function tryAtCursor(editor: vscode.TextEditor, results: EvaluationResults, memory: vscode.Memento): Promise<void> {
  const { uri } = editor.document;
  const lenses = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  const line = editor.selection.active.line;
  const nearest = lenses
    .filter(({ command, range }) => command?.command === "rw.tryFunction" && range.start.line <= line)
    .sort((a, b) => b.range.start.line - a.range.start.line)[0];
  const [, path, parameters] = (nearest?.command?.arguments ?? []) as [string?, string?, (readonly string[])?];
  if (path === undefined || parameters === undefined) throw new Error(vscode.l10n.t("put the cursor on a function first"));
  await tryFunction({ uri: uri.toString(), path, parameters }, results, memory);
}
