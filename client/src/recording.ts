// "Save a Recording of the Language Server": what it did lately, as a document that is read before it is saved and sent to anybody.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";

export async function showRecording(server: ServerLink): Promise<void> {
  const { messages, ...about } = await server.recording();
  const editor = {
    name: vscode.env.appName,
    version: vscode.version,
    host: vscode.env.uiKind === vscode.UIKind.Web ? "web" : "desktop",
    ...(vscode.env.remoteName === undefined ? {} : { remote: vscode.env.remoteName }),
  };
  const parts = [
    `"editor": ${indented(editor)}`,
    `"server": ${indented(about)}`,
    // A line for each: they are read as a table.
    `"messages": [\n    ${messages.map((message) => JSON.stringify(message)).join(",\n    ")}\n  ]`,
  ];
  const content = `{\n  ${parts.join(",\n  ")}\n}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "json", content }));
  const save = vscode.l10n.t("Save…");
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      "This is what the language server did lately: kinds of messages and how long they took, and how large the projects are. No text, name or path of your files is in it.",
    ),
    save,
  );
  if (chosen === save) await vscode.commands.executeCommand("workbench.action.files.save");
}

const indented = (value: unknown): string => JSON.stringify(value, undefined, 2).replaceAll("\n", "\n  ");
