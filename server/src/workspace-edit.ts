// Edits of several files as the client takes them: with the versions they were made for, and in groups, where it reads those.
import type { AnnotatedTextEdit, ChangeAnnotation, TextEdit, WorkspaceEdit } from "vscode-languageserver";
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
    documentChanges: [...byFile].flatMap(([file, list]) => {
      const uri = uris.uri(file);
      const version = workspace.hasBuffer(file) ? (workspace.file(file)?.version ?? null) : null;
      const change = { textDocument: { uri, version }, edits: list };
      const isNew = session.client.createsFiles && workspace.file(file) === undefined;
      return isNew ? [{ kind: "create" as const, uri, options: { ignoreIfExists: true } }, change] : [change];
    }),
  };
}

/** Moves a file, for a client that does that; one that is there stays as it is. */
export function movingEdit({ uris }: Session, from: string, to: string): WorkspaceEdit {
  return {
    documentChanges: [{ kind: "rename", oldUri: uris.uri(from), newUri: uris.uri(to), options: { ignoreIfExists: true } }],
  };
}

/** A name for the group of edits in documents that nobody sees while they change. */
const closedFiles = "closed files";

/**
 * As `workspaceEdit`; a client that shows groups gets the edits of files that are not open as one. With a `warning` all edits are one
 * group that asks to be confirmed.
 */
export function annotatedEdit(
  session: Session,
  edits: readonly FileEdit[],
  warning: ChangeAnnotation | undefined,
): WorkspaceEdit {
  const edit = workspaceEdit(session, edits);
  if (!session.client.changeAnnotations || edit.documentChanges === undefined) return edit;
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  const documentChanges = edit.documentChanges.map((change) => {
    if (!("edits" in change)) return change;
    const isOpen = change.textDocument.version !== null;
    if (warning === undefined && isOpen) return change;
    const annotationId = warning?.label ?? closedFiles;
    changeAnnotations[annotationId] = warning ?? { label: "Files that are not open", needsConfirmation: false };
    return { ...change, edits: change.edits.map((one): AnnotatedTextEdit => ({ ...(one as TextEdit), annotationId })) };
  });
  return Object.keys(changeAnnotations).length === 0 ? edit : { documentChanges, changeAnnotations };
}
