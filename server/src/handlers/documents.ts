// Open documents: the text of an editor, kept by incremental changes. A byte order mark that the client holds is part of it: positions count it.
import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  DidSaveTextDocumentParams,
} from "vscode-languageserver";
import { type FileKind, kindOf } from "#workspace/source-file.ts";
import { Lines } from "../positions.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Session } from "../session.ts";

export function registerDocuments(session: Session, scheduler: Scheduler): void {
  const { connection, workspace } = session;

  connection.onNotification("textDocument/didOpen", ({ textDocument }: DidOpenTextDocumentParams) => {
    const path = session.uris.path(textDocument.uri);
    session.open.set(path, textDocument.languageId);
    workspace.setBuffer(path, textDocument.text, textDocument.version, kindOfLanguage(path, textDocument.languageId));
    session.lanes.opened(path, workspace.projectOf(path), textDocument);
    scheduler.changed([path]);
  });

  connection.onNotification("textDocument/didChange", ({ textDocument, contentChanges }: DidChangeTextDocumentParams) => {
    const path = session.uris.path(textDocument.uri);
    const before = workspace.file(path);
    if (before === undefined || !workspace.hasBuffer(path)) {
      session.ports.log(`${textDocument.uri}: a change of a document that is not open`);
      return;
    }
    let text = before.text;
    for (const change of contentChanges) {
      if ("range" in change) {
        const lines = text === before.text ? session.lines(before) : new Lines(text, session.encoding);
        const { start, end } = lines.offsetsOf(change.range);
        text = text.slice(0, start) + change.text + text.slice(Math.max(start, end));
      } else text = change.text;
    }
    workspace.setBuffer(path, text, textDocument.version ?? 0, before.kind);
    session.lanes.changed(path, { textDocument, contentChanges });
    if (!session.lanes.has(path) && text.length > before.text.length) {
      const { uri, version } = textDocument;
      const languageId = session.open.get(path) ?? "rego";
      session.lanes.opened(path, workspace.projectOf(path), { uri, languageId, version: version ?? 0, text });
    }
    scheduler.syntaxFirst(path);
    scheduler.changed([path]);
  });

  connection.onNotification("textDocument/didSave", ({ textDocument }: DidSaveTextDocumentParams) => {
    void session.reading(() => workspace.refresh(session.uris.path(textDocument.uri)));
  });

  connection.onNotification("textDocument/didClose", async ({ textDocument }: DidCloseTextDocumentParams) => {
    const path = session.uris.path(textDocument.uri);
    session.open.delete(path);
    session.lanes.closed(path);
    workspace.closeBuffer(path);
    scheduler.closed(path);
    await session.reading(() => workspace.refresh(path));
    scheduler.changed([path]);
  });
}

function kindOfLanguage(path: string, language: string): FileKind {
  switch (language) {
    case "rego":
    case "hocon":
    case "yaml":
      return language;
    case "json":
    case "jsonc":
      return "json";
    default:
      return kindOf(path);
  }
}
