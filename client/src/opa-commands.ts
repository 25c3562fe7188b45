// The commands of the extension for OPA: its ids, for keys and scripts that name them, and in the palette the titles that ours do not have.
// Where that extension is, both are its own.
import * as vscode from "vscode";
import { hasPeer } from "./peers.ts";

/** The id of each command, and the one of ours that does the same. */
const aliases: Readonly<Record<string, string>> = {
  "opa.check.file": "workbench.panel.markers.view.focus",
  "opa.eval.package": "rw.evaluatePackage",
  "opa.eval.selection": "rw.evaluateSelection",
  "opa.eval.coverage": "rw.toggleCoverage",
  "opa.trace.selection": "rw.traceSelection",
  "opa.partial.selection": "rw.partialSelection",
  "opa.profile.selection": "rw.profileSelection",
  "opa.test.workspace": "testing.runAll",
  "opa.test.coverage.workspace": "testing.coverageAll",
  "opa.debug.debugWorkspace": "rw.debugWorkspace",
  "opa.regal.restart": "rw.restart",
  "opa.regal.toggleDiagnostics": "rw.toggleProblems",
};

/** Those that its readers look for in vain under the titles of ours. */
const titled: Readonly<Record<string, string>> = {
  "rw.opa.checkFile": "workbench.panel.markers.view.focus",
  "rw.opa.testWorkspace": "testing.runAll",
  "rw.opa.testCoverage": "testing.coverageAll",
  "rw.opa.restart": "rw.restart",
  "rw.opa.toggleLinting": "rw.toggleProblems",
};

export class OpaCommands implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #titled = Object.entries(titled).flatMap(([id, own]) => this.#register(id, own));
  #registered: vscode.Disposable[] = [];

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
    this.update();
  }

  /** Takes the ids, or gives them back when the other extension came. */
  update(): void {
    void vscode.commands.executeCommand("setContext", "rw.hasPeer", hasPeer());
    if (hasPeer()) this.#giveBack();
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

  #giveBack(): void {
    for (const one of this.#registered) one.dispose();
    this.#registered = [];
  }

  dispose(): void {
    this.#giveBack();
    for (const one of this.#titled) one.dispose();
  }
}
