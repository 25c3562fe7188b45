// Another extension for Rego beside this one: one message about it, once.
import * as vscode from "vscode";
import { productName } from "./names.ts";

/** The extension whose settings and commands ours takes over where it is not there. */
const peerId = "tsandall.opa";
const askedKey = "rw.peer.asked";

/** True when the other extension runs: its commands are its own. */
export function isPeerActive(): boolean {
  return vscode.extensions.getExtension(peerId)?.isActive === true;
}

export class Peers implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #subscription: vscode.Disposable;
  #asking = false;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#subscription = vscode.extensions.onDidChange(() => void this.#look());
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#asking || this.#memory.get(askedKey) === true || vscode.extensions.getExtension(peerId) === undefined) return;
    this.#asking = true;
    const show = vscode.l10n.t("Show the Extension");
    const keep = vscode.l10n.t("Keep Both");
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        "{0} and the extension “Open Policy Agent” both check Rego: you see some problems twice. Disable one of them for this workspace.",
        productName,
      ),
      show,
      keep,
    );
    this.#asking = false;
    if (answer !== undefined) await this.#memory.update(askedKey, true);
    if (answer === show) await vscode.commands.executeCommand("workbench.extensions.search", `@id:${peerId}`);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
