// Edits of several files as the client takes them: with the versions they were made for, where it reads those.
import type { TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { OffsetRange } from "./positions.ts";
import type { Session } from "./session.ts";

export interface FileEdit {
  readonly file: string;
  readonly range: OffsetRange;
  readonly newText: string;
}

/** New text with the line ends that a document has. */
export function withLineEndsOf(text: string, newText: string): string {
  return text.includes("\r\n") ? newText.replaceAll(/\r?\n/gu, "\r\n") : newText;
}

/** One edit of the workspace; a document that is not open has no version. */
export function workspaceEdit(session: Session, edits: readonly FileEdit[]): WorkspaceEdit {
  const { uris, workspace } = session;
  const byFile = new Map<string, TextEdit[]>();
  for (const { file, range, newText } of edits) {
    const held = byFile.get(file) ?? [];
    byFile.set(file, held);
    held.push({ range: session.range(file, range), newText: withLineEndsOf(workspace.file(file)?.text ?? "", newText) });
  }
  if (!session.client.documentChanges)
    return { changes: Object.fromEntries([...byFile].map(([file, list]) => [uris.uri(file), list])) };
  return {
    documentChanges: [...byFile].map(([file, list]) => ({
      textDocument: { uri: uris.uri(file), version: workspace.hasBuffer(file) ? (workspace.file(file)?.version ?? null) : null },
      edits: list,
    })),
  };
}
