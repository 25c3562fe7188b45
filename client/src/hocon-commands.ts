// Commands on HOCON files: copy the path of a key, convert the file, move an entry.
import * as vscode from "vscode";
import type { ServerLink } from "./server-link.ts";

/** Puts the path of the key at the cursor on the clipboard. */
export async function copyPath(editor: vscode.TextEditor): Promise<void> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
    "vscode.executeDocumentSymbolProvider",
    editor.document.uri,
  );
  const at = editor.selection.active;
  const path: string[] = [];
  let level: vscode.DocumentSymbol[] | undefined = symbols;
  while (level !== undefined) {
    const found: vscode.DocumentSymbol | undefined = level.find((symbol) => symbol.range.contains(at));
    if (found !== undefined) path.push(found.name);
    level = found?.children;
  }
  if (path.length === 0) throw new Error(vscode.l10n.t("there is no key at the cursor"));
  await vscode.env.clipboard.writeText(path.join("."));
  vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", path.join(".")), 4000);
}

const formats = [
  { label: "JSON", to: "json" },
  { label: "YAML", to: "yaml" },
  { label: "HOCON", to: "hocon" },
] as const;

/** Writes the value of a file in another format to a new file beside it, which undo takes away again. */
export async function convert(server: ServerLink, uri: vscode.Uri): Promise<void> {
  const choice = await vscode.window.showQuickPick(formats, {
    title: vscode.l10n.t("Convert to"),
    placeHolder: vscode.l10n.t("Format of the new file"),
  });
  if (choice === undefined) return;
  const converted = await server.convert({ uri: uri.toString(), to: choice.to });
  if ("refusal" in converted) throw new Error(converted.refusal);
  const target = vscode.Uri.parse(converted.uri);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(target, { contents: new TextEncoder().encode(converted.text) });
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Error(vscode.l10n.t("{0} exists already", vscode.workspace.asRelativePath(target)));
  await vscode.window.showTextDocument(target, { viewColumn: vscode.ViewColumn.Beside });
}

/** Moves the entry at the cursor by one place; the cursor stays on it. */
export async function moveEntry(server: ServerLink, editor: vscode.TextEditor, direction: "up" | "down"): Promise<void> {
  const { document, selection } = editor;
  const asked = document.version;
  const moved = await server.moveEntry({ uri: document.uri.toString(), position: selection.active, direction });
  if ("refusal" in moved) {
    vscode.window.setStatusBarMessage(moved.refusal, 4000);
    return;
  }
  if (document.version !== asked) return;
  await editor.edit((builder) => {
    for (const { range, newText } of moved.edits) builder.replace(server.range(range), newText);
  });
  const cursor = new vscode.Position(moved.line, selection.active.character);
  editor.selection = new vscode.Selection(cursor, cursor);
  editor.revealRange(new vscode.Range(cursor, cursor));
}
