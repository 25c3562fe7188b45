// The quick fix "Why?" of a decision that is not the expected one, at its sample and at its expectation.
import * as vscode from "vscode";
import { sourceSchemes } from "./file-systems.ts";

/** As the server spells it. */
const wrongDecision = "rw_decision";

export function offerWhy(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: ({ uri }, _, { diagnostics }) =>
      diagnostics.flatMap((diagnostic) => {
        const { code } = diagnostic;
        const isWrong = (typeof code === "object" ? code.value : code) === wrongDecision;
        const query = isWrong ? /^data\.\S+/u.exec(diagnostic.message)?.[0] : undefined;
        if (query === undefined) return [];
        const action = new vscode.CodeAction(vscode.l10n.t("Why? {0}", query), vscode.CodeActionKind.QuickFix);
        action.diagnostics = [diagnostic];
        const sample = uri.toString();
        action.command = { command: "rw.why", title: action.title, arguments: [sample, query, sample] };
        return [action];
      }),
  };
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  return vscode.languages.registerCodeActionsProvider(
    sourceSchemes().map((scheme) => ({ scheme })),
    provider,
    kinds,
  );
}
