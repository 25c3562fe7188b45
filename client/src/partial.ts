// "Partially Evaluate Selection": what is left of it while the documents that somebody ticks are not known, as Rego beside the editor.
import * as vscode from "vscode";
import type { PartialParams } from "#protocol/messages.ts";
import type { EvaluationResults } from "./evaluation.ts";
import type { ServerLink } from "./server-link.ts";

export async function showPartial(server: ServerLink, results: EvaluationResults, params: PartialParams): Promise<void> {
  const { possible, query } = await server.partial(params);
  const picked = await vscode.window.showQuickPick(
    possible.map((label) => ({ label, picked: label === "input" })),
    {
      canPickMany: true,
      title: vscode.l10n.t("What is left of {0}", query),
      placeHolder: vscode.l10n.t("Tick what is not known; the chosen sample and the data say the rest"),
    },
  );
  if (picked === undefined) return;
  const unknowns = picked.map(({ label }) => label);
  const { text = "", problem, inputUsed } = await server.partial({ ...params, unknowns });
  const head = [
    vscode.l10n.t("What is left of {0}", query),
    unknowns.length === 0 ? vscode.l10n.t("everything is known") : vscode.l10n.t("not known: {0}", unknowns.join(", ")),
    ...(unknowns.includes("input") ? [] : [vscode.l10n.t("the rest of the input: {0}", inputUsed)]),
    ...(problem === undefined ? [] : [vscode.l10n.t("error: {0}", problem)]),
  ];
  const comments = head.flatMap((line) => line.split("\n")).map((line) => `# ${line}\n`);
  await results.showText("partial.rego", `${comments.join("")}\n${text}`);
}
