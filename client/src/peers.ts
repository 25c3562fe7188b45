// Another extension for Rego beside this one: one message about it, once; what both would show stays with the other one.
import * as vscode from "vscode";
import { productName } from "./names.ts";

/** The extension whose settings and commands ours takes over where it is not there. */
const peerId = "tsandall.opa";
const askedKey = "rw.peer.asked";

/** True when the other extension is there and switched on: its commands and its lenses are its own, also before it has started. */
export function hasPeer(): boolean {
  return vscode.extensions.getExtension(peerId) !== undefined;
}

export class Peers implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #subscription: vscode.Disposable;
  #asking = false;

  /** `changed` is called when the other extension may have come or gone. */
  constructor(memory: vscode.Memento, changed: () => void) {
    this.#memory = memory;
    this.#subscription = vscode.extensions.onDidChange(() => {
      changed();
      void this.#look();
    });
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#asking || this.#memory.get(askedKey) === true || !hasPeer()) return;
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
