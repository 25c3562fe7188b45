// The extension's entry in a browser: the language server is a web worker, and all files are read through the editor.
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { end, start } from "../extension.ts";
import { productName } from "../names.ts";
import { ServerWorker } from "./server-worker.ts";

export function activate(context: vscode.ExtensionContext): Promise<void> {
  const worker = new ServerWorker(vscode.Uri.joinPath(context.extensionUri, "dist/web/server.js"));
  context.subscriptions.push(worker);
  return start(context, {
    inBrowser: true,
    client: (options) => new LanguageClient("rw", productName, () => worker.start(), options),
    registered: () => [],
  });
}

export const deactivate = end;
