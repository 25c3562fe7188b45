// Writes the JSON Schema that the samples of a project have; one that is there is changed after a look at what changes.
import * as vscode from "vscode";
import type { EvaluationResults } from "./evaluation.ts";
import type { ServerLink } from "./server-link.ts";
import { writeText } from "./written-files.ts";

export async function inferSchema(server: ServerLink, results: EvaluationResults, uri: vscode.Uri): Promise<void> {
  const schema = await server.inferSchema({ uri: uri.toString() });
  if ("problem" in schema) throw new Error(schema.problem);
  const target = vscode.Uri.parse(schema.uri);
  const name = vscode.workspace.asRelativePath(target);
  if (schema.before === schema.after && schema.config === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} says all that the samples say.", name));
    return;
  }
  if (schema.before !== undefined && schema.before !== schema.after) {
    const shown = { before: results.textAs("schema.json", schema.before), after: results.textAs("inferred.json", schema.after) };
    await vscode.commands.executeCommand(
      "vscode.diff",
      shown.before,
      shown.after,
      vscode.l10n.t("{0} ↔ what the samples say", name),
    );
    const write = vscode.l10n.t("Write It");
    const asked = vscode.l10n.t("{0} inputs say otherwise than {1}.", schema.inputs, name);
    if ((await vscode.window.showInformationMessage(asked, write, vscode.l10n.t("Leave It"))) !== write) return;
  }
  await writeText(target, schema.after);
  if (schema.config !== undefined) await writeText(vscode.Uri.parse(schema.config.uri), schema.config.after);
  await vscode.window.showTextDocument(target);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Wrote {0}", name), 4000);
}
