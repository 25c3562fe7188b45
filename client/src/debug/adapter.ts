// A debug session of the editor: its messages go to the language server, which debugs, and come back from there.
import * as vscode from "vscode";
import type { ServerLink } from "../server-link.ts";

export class ServerDebugAdapter implements vscode.DebugAdapter {
  readonly #server: ServerLink;
  readonly #session: string;
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly #subscription: vscode.Disposable;
  readonly onDidSendMessage = this.#sent.event;

  constructor(server: ServerLink, session: string) {
    this.#server = server;
    this.#session = session;
    this.#subscription = server.onDebug(({ session: name, message }) => {
      if (name === session && message !== undefined) this.#sent.fire(message as vscode.DebugProtocolMessage);
    });
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.#server.debug({ session: this.#session, message });
  }

  /** The server that held the session is gone. */
  end(): void {
    this.#sent.fire({ type: "event", event: "terminated", seq: 0 } as vscode.DebugProtocolMessage);
  }

  dispose(): void {
    this.#server.debug({ session: this.#session });
    this.#subscription.dispose();
    this.#sent.dispose();
  }
}
