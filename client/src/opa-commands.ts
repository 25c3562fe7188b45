// The command ids of the extension for OPA, for keys and scripts that name them; where that extension is, they are its own.
import * as vscode from "vscode";
import { hasPeer } from "./peers.ts";

/** The id of each command, and the one of ours that does the same. */
const aliases: Readonly<Record<string, string>> = {
  "opa.check.file": "workbench.actions.view.problems",
  "opa.eval.package": "rw.evaluatePackage",
  "opa.eval.selection": "rw.evaluateSelection",
  "opa.test.workspace": "testing.runAll",
  "opa.regal.restart": "rw.restart",
  "opa.regal.toggleDiagnostics": "rw.toggleProblems",
};

export class OpaCommands implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  #registered: vscode.Disposable[] = [];

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
    this.update();
  }

  /** Takes the ids, or gives them back when the other extension came. */
  update(): void {
    if (hasPeer()) this.dispose();
    else if (this.#registered.length === 0)
      this.#registered = Object.entries(aliases).flatMap(([id, own]) => this.#register(id, own));
  }

  #register(id: string, own: string): vscode.Disposable[] {
    try {
      return [vscode.commands.registerCommand(id, () => vscode.commands.executeCommand(own))];
    } catch (error) {
      this.#log.info(`${id} belongs to another extension: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  dispose(): void {
    for (const one of this.#registered) one.dispose();
    this.#registered = [];
  }
}
