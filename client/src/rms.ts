// RMS from the editor: the token in the secret store, publishing step by step, and the state of the channel in the status bar.
import * as vscode from "vscode";
import type { PublishParams, PublishResult, PublishStep } from "#protocol/messages.ts";
import { productName, tokenKey } from "./names.ts";
import type { ServerLink } from "./server-link.ts";

const stepMarks: Record<PublishStep["state"], string> = { waiting: "○", running: "…", ok: "✓", failed: "✗", skipped: "–" };

export class Rms implements vscode.Disposable {
  readonly #server: ServerLink;
  readonly #secrets: vscode.SecretStorage;
  readonly #log: vscode.LogOutputChannel;
  readonly #item = vscode.window.createStatusBarItem("rw.rms", vscode.StatusBarAlignment.Left, 8);
  #running = false;

  constructor(server: ServerLink, secrets: vscode.SecretStorage, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#secrets = secrets;
    this.#log = log;
    this.#item.name = `${productName}: RMS`;
    this.#item.command = "rw.rms.status";
  }

  /** Asks for a token and keeps it in the secret store. */
  async signIn(uri: vscode.Uri): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        "Signing in needs a trusted workspace: its files name the address that gets the token.",
      );
      return undefined;
    }
    const url = await this.#url(uri);
    if (url === undefined) return undefined;
    const token = await vscode.window.showInputBox({
      title: `Token for ${url}`,
      prompt: "It is kept in the secret store of this computer.",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === "" ? "Paste the token that RMS gave you" : undefined),
    });
    if (token === undefined) return undefined;
    await this.#secrets.store(tokenKey(url), token.trim());
    return token.trim();
  }

  async signOut(uri: vscode.Uri): Promise<void> {
    const url = await this.#url(uri);
    if (url === undefined) return;
    await this.#secrets.delete(tokenKey(url));
    void vscode.window.showInformationMessage(`The token for ${url} is forgotten.`);
  }

  async publish(uri: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage("Publishing needs a trusted workspace.");
      return;
    }
    if (this.#running) {
      void vscode.window.showInformationMessage("A publish is running already.");
      return;
    }
    const url = await this.#url(uri);
    if (url === undefined) return;
    const token = (await this.#secrets.get(tokenKey(url))) ?? (await this.signIn(uri));
    if (token === undefined) return;
    this.#running = true;
    try {
      await this.#publishWith({ uri: uri.toString(), token, url });
    } finally {
      this.#running = false;
    }
  }

  async #publishWith(params: PublishParams): Promise<void> {
    let result = await this.#run(params);
    if (result.outcome === "confirm" && result.accept !== undefined) {
      const change = result.changes === 1 ? "1 decision changes" : `${result.changes ?? 0} decisions change`;
      const answer = await vscode.window.showWarningMessage(
        `Publish? ${change} compared with what is published.`,
        { modal: true, detail: result.diff ?? "No decision of the sample inputs changes." },
        "Publish",
      );
      if (answer !== "Publish") {
        void vscode.window.showInformationMessage("Nothing was published.");
        return;
      }
      result = await this.#run({ ...params, accepted: result.accept });
    }
    const steps = lineOf(result.steps);
    this.#log.info(`publish: ${steps}`);
    for (const step of result.steps) if (step.detail !== undefined) this.#log.info(`  ${step.name}: ${step.detail}`);
    if (result.outcome === "published") {
      this.#item.text = `$(cloud) RMS ${result.revision ?? ""}`;
      this.#item.tooltip = steps;
      this.#item.show();
      void vscode.window.showInformationMessage(`Published ${result.revision ?? ""}: ${steps}`);
      await this.refresh(vscode.Uri.parse(params.uri));
    } else {
      const answer = await vscode.window.showErrorMessage(
        `Not published: ${result.problem ?? lineOf(result.steps.filter((step) => step.state === "failed"))}`,
        "Show Log",
      );
      if (answer !== undefined) this.#log.show();
    }
  }

  #run(params: PublishParams): Thenable<PublishResult> {
    const options = { location: vscode.ProgressLocation.Notification, title: "Publish to RMS", cancellable: true };
    return vscode.window.withProgress(options, async (progress, cancel) => {
      const subscription = this.#server.onPublishProgress(({ steps }) => progress.report({ message: lineOf(steps) }));
      try {
        return await this.#server.publish(params, cancel);
      } finally {
        subscription.dispose();
      }
    });
  }

  /** Asks RMS for the state of the channel and shows it. */
  async refresh(uri: vscode.Uri): Promise<string | undefined> {
    const url = await this.#url(uri, true);
    const token = url === undefined ? undefined : await this.#secrets.get(tokenKey(url));
    if (token === undefined) return undefined;
    const state = await this.#server.rmsStatus({ uri: uri.toString(), token });
    if (state.problem !== undefined) {
      this.#item.text = "$(cloud) RMS: not reachable";
      this.#item.tooltip = state.problem;
    } else {
      const active = state.sidecars === undefined ? "" : ` · ${state.active ?? 0}/${state.sidecars} active`;
      this.#item.text = `$(cloud) RMS ${state.target ?? ""} ${state.revision ?? ""}${active}`;
      this.#item.tooltip = state.detail;
    }
    this.#item.show();
    return state.problem ?? state.detail;
  }

  async showStatus(uri: vscode.Uri): Promise<void> {
    const detail = (await this.refresh(uri)) ?? "Sign in to RMS first.";
    const answer = await vscode.window.showInformationMessage(detail, "Publish", "Sign In");
    if (answer === "Publish") await this.publish(uri);
    if (answer === "Sign In") await this.signIn(uri);
  }

  async #url(uri: vscode.Uri, quiet = false): Promise<string | undefined> {
    const setting = vscode.workspace.getConfiguration("rw", uri).get<string>("rms.url");
    if (setting) return setting;
    const { url } = await this.#server.rmsStatus({ uri: uri.toString(), token: undefined });
    if (url !== undefined) return url;
    if (!quiet) {
      const answer = await vscode.window.showWarningMessage(
        "No RMS is named: set `rms.url` in rw.conf, or the setting.",
        "Open Setting",
      );
      if (answer !== undefined) await vscode.commands.executeCommand("workbench.action.openSettings", "rw.rms");
    }
    return undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function lineOf(steps: readonly PublishStep[]): string {
  return steps.map((step, at) => `${at + 1} ${step.name} ${stepMarks[step.state]} ${step.summary}`.trimEnd()).join(" · ");
}
