// The web worker of the language server: started anew each time the server is.
import * as vscode from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, type MessageTransports } from "vscode-languageclient/browser";

export class ServerWorker implements vscode.Disposable {
  readonly #file: vscode.Uri;
  /** The program's address. A worker may only come from the page's own origin, where the extension's files need not be. */
  #address: string | undefined;
  #worker: Worker | undefined;

  constructor(file: vscode.Uri) {
    this.#file = file;
  }

  async start(): Promise<MessageTransports> {
    this.#worker?.terminate();
    // The server starts workers of this address, so that it stays as long as the extension does.
    this.#address ??= URL.createObjectURL(
      new Blob([(await vscode.workspace.fs.readFile(this.#file)) as Uint8Array<ArrayBuffer>], { type: "text/javascript" }),
    );
    this.#worker = new Worker(this.#address, { name: "rulewright" });
    return { reader: new BrowserMessageReader(this.#worker), writer: new BrowserMessageWriter(this.#worker) };
  }

  dispose(): void {
    this.#worker?.terminate();
    if (this.#address !== undefined) URL.revokeObjectURL(this.#address);
  }
}
