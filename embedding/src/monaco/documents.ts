// Models as the server's documents: opened, changed piece by piece, closed.
import type { Disposable, Model } from "./api.ts";
import { rangeOf } from "./convert.ts";
import type { Link } from "./link.ts";

export function bindDocuments(link: Link): void {
  const { monaco, server } = link;
  const open = new Map<string, Disposable>();

  const add = (model: Model): void => {
    const uri = model.uri.toString();
    if (!link.isOurs(model) || open.has(uri)) return;
    const [languageId, version, text] = [model.getLanguageId(), model.getVersionId(), model.getValue()];
    server.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    const changes = model.onDidChangeContent(({ changes: made, versionId, isFlush, isEolChange }) => {
      const pieces = made.map(({ range, text: inserted }) => ({ range: rangeOf(range), text: inserted }));
      const contentChanges = isFlush || isEolChange ? [{ text: model.getValue() }] : pieces;
      server.notify("textDocument/didChange", { textDocument: { uri, version: versionId }, contentChanges });
    });
    open.set(uri, changes);
  };
  const remove = (model: Model): void => {
    const uri = model.uri.toString();
    const changes = open.get(uri);
    if (changes === undefined) return;
    changes.dispose();
    open.delete(uri);
    server.notify("textDocument/didClose", { textDocument: { uri } });
  };

  link.keep(
    monaco.editor.onDidCreateModel(add),
    monaco.editor.onWillDisposeModel(remove),
    monaco.editor.onDidChangeModelLanguage(({ model }) => {
      remove(model);
      add(model);
    }),
    () => {
      for (const model of monaco.editor.getModels()) remove(model);
    },
  );
  for (const model of monaco.editor.getModels()) add(model);
}
