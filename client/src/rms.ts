// RMS from the editor: the token in the secret store, publishing in its panel, and the state of the channel in the status bar.
import * as vscode from "vscode";
import type { PublishParams, PublishResult, PublishStep, RmsStatusResult } from "#protocol/publishing.ts";
import { comparePublished } from "./compare-published.ts";
import type { EvaluationResults } from "./evaluation.ts";
import { productName, tokenKey } from "./names.ts";
import { type NextStep, PublishPanel, stepName } from "./publish-panel.ts";
import { putRoles } from "./roles-in-rms.ts";
import { confirmRollback } from "./rollback-list.ts";
import type { ServerLink } from "./server-link.ts";
import { isTrusted } from "./trust.ts";

const stepMarks: Record<PublishStep["state"], string> = { waiting: "○", running: "…", ok: "✓", failed: "✗", skipped: "–" };

type SidecarState = NonNullable<RmsStatusResult["instances"]>[number]["state"];

const sidecarIcons: Record<SidecarState, string> = { active: "pass", lagging: "watch", failed: "error", gone: "circle-slash" };

/** Sidecars are followed for so long after a publish, and asked about so often, in milliseconds. */
const followed = 120_000;
const askedEvery = 2000;

/** The state in the status bar is asked for again when the reader comes back after this time, in milliseconds. */
const stateAge = 30_000;

export class Rms implements vscode.Disposable {
  readonly #server: ServerLink;
  readonly #secrets: vscode.SecretStorage;
  readonly #log: vscode.LogOutputChannel;
  readonly #results: EvaluationResults;
  readonly #item = vscode.window.createStatusBarItem("rw.rms", vscode.StatusBarAlignment.Left, 8);
  readonly #subscriptions: vscode.Disposable[];
  /** What was said about versions that were not published, by their target: it is not typed twice. */
  readonly #words = new Map<string, string>();
  #running = false;
  #asked = 0;
  /** Counts publishes whose sidecars are followed: those of an earlier one are not any more. */
  #following = 0;

  constructor(server: ServerLink, secrets: vscode.SecretStorage, log: vscode.LogOutputChannel, results: EvaluationResults) {
    this.#results = results;
    this.#server = server;
    this.#secrets = secrets;
    this.#log = log;
    this.#item.name = vscode.l10n.t("{0}: RMS", productName);
    this.#item.command = "rw.rms.status";
    this.#subscriptions = [
      this.#item,
      vscode.window.onDidChangeActiveTextEditor(() => this.#look()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#look();
      }),
    ];
  }

  /** Asks for the state for the file in front, unless that was done a moment ago. */
  #look(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== "rego" || Date.now() - this.#asked < stateAge) return;
    void this.refresh(document.uri).catch(() => undefined);
  }

  /** Asks for a token, tries it, and keeps it in the secret store when RMS knows it. */
  async signIn(uri: vscode.Uri): Promise<string | undefined> {
    if (!isTrusted(vscode.l10n.t("Signing in needs a trusted workspace: its files name the address that gets the token.")))
      return undefined;
    const url = await this.#url(uri);
    if (url === undefined) return undefined;
    for (
      let prompt = vscode.l10n.t(
        "An API token of this RMS: `rw serve` printed the first one, your administrator gives others. It is kept in the secret store of this computer. (An RMS on this computer needs none: run “Start a Local RMS”.)",
      );
      ;
    ) {
      const token = await askToken(url, prompt);
      if (token === undefined) return undefined;
      const state = await this.#server.rmsStatus({ uri: uri.toString(), token });
      this.#show(state);
      if (state.reason !== "unauthorized") {
        await this.#secrets.store(tokenKey(url), token);
        return token;
      }
      await this.#secrets.delete(tokenKey(url));
      prompt = vscode.l10n.t("RMS does not know that token, and it was not kept. Paste another one.");
    }
  }

  async signOut(uri: vscode.Uri): Promise<void> {
    const url = await this.#url(uri);
    if (url === undefined) return;
    await this.#secrets.delete(tokenKey(url));
    this.#item.hide();
    void vscode.window.showInformationMessage(vscode.l10n.t("The token for {0} is forgotten.", url));
  }

  async publish(uri: vscode.Uri): Promise<void> {
    if (!isTrusted(vscode.l10n.t("Publishing needs a trusted workspace: its files name the address that gets the policy.")))
      return;
    const url = await this.#url(uri);
    if (url === undefined) return;
    if (this.#running) {
      void vscode.window.showInformationMessage(vscode.l10n.t("A publish is running already."));
      return;
    }
    this.#running = true;
    let next: NextStep | undefined;
    try {
      const token = (await this.#secrets.get(tokenKey(url))) ?? (await this.signIn(uri));
      if (token === undefined) return;
      this.#following++;
      next = await this.#publishWith(uri, token, url);
    } finally {
      this.#running = false;
    }
    await this.#goOn(next, uri);
  }

  async #goOn(next: NextStep | undefined, uri: vscode.Uri): Promise<void> {
    switch (next) {
      case "retry":
        return this.publish(uri);
      case "signIn":
        return (await this.signIn(uri)) === undefined ? undefined : this.publish(uri);
      case "tests":
        return vscode.commands.executeCommand("workbench.view.testing.focus");
      case "problems":
        return vscode.commands.executeCommand("workbench.panel.markers.view.focus");
      case "log":
        return this.#log.show();
      case "publish":
      case "words":
      case "version":
      case "people":
      case undefined:
        return undefined;
    }
  }

  /** One run through the panel; gives what the reader wants after a failure. */
  async #publishWith(uri: vscode.Uri, token: string, url: string): Promise<NextStep | undefined> {
    const { target } = await this.#server.rmsStatus({ uri: uri.toString(), token: undefined });
    const autoAccept = vscode.workspace.getConfiguration("rw", uri).get("publish.autoAccept");
    const params: PublishParams = {
      uri: uri.toString(),
      token,
      url,
      ask: autoAccept === "noChange" ? "changes" : "always",
    };
    const place = target ?? url;
    const panel = new PublishPanel(place, this.#words.get(place) ?? "");
    const progress = this.#server.onPublishProgress(({ steps }) => panel.show(steps));
    try {
      let result = await this.#server.publish(params, panel.token);
      // Somebody else may have published meanwhile: then there is another difference to look at.
      while (result.outcome === "confirm" && result.accept !== undefined) {
        const { steps, diff: changes = [], impact, proposed } = result;
        const showPeople = (): Promise<void> => this.#results.showText("who-gains-and-loses.md", impact?.document ?? "");
        const isWanted = await panel.confirm(steps, { changes, impact, proposed, showPeople });
        this.#words.set(place, panel.message);
        if (!isWanted) {
          void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was published."));
          return undefined;
        }
        const words = panel.message === "" ? {} : { message: panel.message };
        const number = panel.version === undefined ? {} : { version: panel.version };
        result = await this.#server.publish({ ...params, ...words, ...number, accepted: result.accept }, panel.token);
      }
      this.#record(result);
      const problem = result.problem ?? lineOf(result.steps.filter((step) => step.state === "failed"));
      if (result.outcome !== "published") {
        if (panel.isOpen) return await panel.failed(result.steps, problem, result.unauthorized === true);
        void vscode.window.showWarningMessage(vscode.l10n.t("Not published: {0}", problem));
        return undefined;
      }
      this.#words.delete(place);
      void vscode.window.showInformationMessage(publishedText(result));
      if (result.unknownRoles !== undefined) void this.#tellUnknownRoles(uri, result.unknownRoles);
    } catch (error) {
      if (panel.token.isCancellationRequested) {
        void vscode.window.showInformationMessage(vscode.l10n.t("Stopped: nothing was published."));
        return undefined;
      }
      const problem = error instanceof Error ? error.message : String(error);
      this.#log.error(`publish: ${problem}`);
      if (panel.isOpen) return await panel.failed([], problem, false);
      void vscode.window.showErrorMessage(vscode.l10n.t("Not published: {0}", problem));
      return undefined;
    } finally {
      progress.dispose();
      panel.dispose();
    }
    void this.#follow(uri);
    return undefined;
  }

  async #tellUnknownRoles(uri: vscode.Uri, file: string): Promise<void> {
    const put = vscode.l10n.t("Put the Roles into RMS…");
    const text = vscode.l10n.t("RMS has none of the roles of {0}: until they are there, nobody holds one.", file);
    if ((await vscode.window.showWarningMessage(text, put)) === put) await this.putRoles(uri);
  }

  /** Shows how many sidecars run what was published until all do, or a while has passed, and says how that ended. */
  async #follow(uri: vscode.Uri): Promise<void> {
    const first = await this.refresh(uri);
    if (first === undefined || !isUnderWay(first)) return;
    const following = ++this.#following;
    const isWanted = (): boolean => following === this.#following;
    const last = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window }, async (progress) => {
      let state = first;
      for (const end = Date.now() + followed; isUnderWay(state) && isWanted() && Date.now() < end; ) {
        progress.report({
          message: vscode.l10n.t("{0} of {1} sidecars run {2}", state.active ?? 0, state.sidecars ?? 0, state.revision ?? ""),
        });
        await new Promise((resolve) => setTimeout(resolve, askedEvery));
        state = (await this.refresh(uri)) ?? state;
      }
      return state;
    });
    if (!isWanted()) return;
    const { active = 0, sidecars = 0, revision = "", target = "" } = last;
    if (!isUnderWay(last)) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("All sidecars of {0} run {1}: {2}/{3}", target, revision, active, sidecars),
      );
      return;
    }
    const show = vscode.l10n.t("Show Sidecars");
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t("{0} of {1} sidecars of {2} do not run {3} yet.", sidecars - active, sidecars, target, revision),
      show,
    );
    if (answer === show) await this.showStatus(uri);
  }

  /** Shows what of the project is otherwise than the version in the channel. */
  async compare(uri: vscode.Uri): Promise<void> {
    const entry = await this.#entry(uri);
    if (entry !== undefined) await comparePublished(this.#server, this.#results, { uri, ...entry });
  }

  /** Puts the roles file of the project into RMS, once its changes were seen. */
  async putRoles(uri: vscode.Uri): Promise<void> {
    const entry = await this.#entry(uri);
    if (entry !== undefined) await putRoles(this.#server, { uri, ...entry });
  }

  /** Opens the pages of RMS in the browser. They ask for a token: the one that the editor has goes into the clipboard, which the reader agrees to. */
  async openConsole(uri: vscode.Uri): Promise<void> {
    const entry = await this.#entry(uri);
    if (entry === undefined) return;
    const copy = vscode.l10n.t("Copy the Token and Open");
    const open = vscode.l10n.t("Open");
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t("The console of {0} asks for an API token.", entry.url),
      {
        modal: true,
        detail: vscode.l10n.t("The one that you are signed in with here can be put into the clipboard, to be pasted there."),
      },
      copy,
      open,
    );
    if (answer === undefined) return;
    if (answer === copy) await vscode.env.clipboard.writeText(entry.token);
    await vscode.env.openExternal(vscode.Uri.parse(`${entry.url.replace(/\/$/u, "")}/console`));
  }

  /** Where RMS is and the token for it; undefined without trust, address or token. */
  async #entry(uri: vscode.Uri): Promise<{ readonly url: string; readonly token: string } | undefined> {
    if (!isTrusted(vscode.l10n.t("Asking RMS needs a trusted workspace: its files name the address that gets the token.")))
      return undefined;
    const url = await this.#url(uri);
    const token = url === undefined ? undefined : ((await this.#secrets.get(tokenKey(url))) ?? (await this.signIn(uri)));
    return url === undefined || token === undefined ? undefined : { url, token };
  }

  /** Asks why, and takes the channel back to the version that it had before. */
  async rollback(uri: vscode.Uri): Promise<void> {
    if (!isTrusted(vscode.l10n.t("Rolling back needs a trusted workspace: its files name the address that gets the token.")))
      return;
    const url = await this.#url(uri);
    if (url === undefined) return;
    const token = (await this.#secrets.get(tokenKey(url))) ?? (await this.signIn(uri));
    if (token === undefined) return;
    const state = (await this.refresh(uri)) ?? { detail: "" };
    const { target = "", revision, previous, seq } = state;
    if (revision === undefined || previous === undefined || seq === undefined) {
      const why = state.problem ?? vscode.l10n.t("{0} never had another version.", target);
      void vscode.window.showWarningMessage(vscode.l10n.t("Not rolled back: {0}", why));
      return;
    }
    const title = vscode.l10n.t("Roll back {0}: {1} → {2}", target, revision, previous);
    const asked = this.#server.rollbackDiff({ uri: uri.toString(), url, token, from: revision, to: previous });
    if (!(await confirmRollback(title, asked))) return;
    const reason = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t("Why? It is kept in the history of the channel. Roles and members stay those of now."),
      ignoreFocusOut: true,
    });
    if (reason === undefined) return;
    const result = await this.#server.rollback({ uri: uri.toString(), url, token, seq, reason: reason.trim() });
    this.#log.info(`rollback: ${target} ${revision} → ${result.revision ?? result.problem ?? ""}`);
    if (result.revision === undefined) {
      void vscode.window.showWarningMessage(vscode.l10n.t("Not rolled back: {0}", result.problem ?? ""));
      return;
    }
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} is back at {1}.", target, result.revision));
    await this.#follow(uri);
  }

  #record(result: PublishResult): void {
    this.#log.info(`publish: ${lineOf(result.steps)}${result.problem === undefined ? "" : `: ${result.problem}`}`);
    for (const step of result.steps) if (step.detail) this.#log.info(`  ${step.name}: ${step.detail}`);
  }

  /** Asks RMS for the state of the channel and shows it. */
  async refresh(uri: vscode.Uri): Promise<RmsStatusResult | undefined> {
    this.#asked = Date.now();
    const url = await this.#url(uri, true);
    const token = url === undefined ? undefined : await this.#secrets.get(tokenKey(url));
    if (token === undefined) {
      this.#item.hide();
      return undefined;
    }
    const state = await this.#server.rmsStatus({ uri: uri.toString(), token });
    this.#show(state);
    return state;
  }

  #show(state: RmsStatusResult): void {
    const text = wordsOf(state);
    this.#item.text = `$(${state.problem === undefined || state.reason === "empty" ? "cloud" : "warning"}) ${text}`;
    this.#item.tooltip = state.problem ?? state.detail;
    this.#item.accessibilityInformation = { label: `${text}. ${state.problem ?? state.detail}` };
    this.#item.show();
  }

  /** The channel, its sidecars with their errors, and what can be done. */
  async showStatus(uri: vscode.Uri): Promise<void> {
    if ((await this.#url(uri)) === undefined) return;
    const asking = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Asking RMS") };
    const state = await vscode.window.withProgress(asking, () => this.refresh(uri));
    const action = (icon: string, label: string, run: () => Promise<unknown>) => ({
      label,
      iconPath: new vscode.ThemeIcon(icon),
      run,
    });
    const signIn = action("key", vscode.l10n.t("Sign In with a Token"), () => this.signIn(uri));
    const publish = action("cloud-upload", vscode.l10n.t("Publish"), () => this.publish(uri));
    const compare = action("diff", vscode.l10n.t("Compare with the Published Version"), () => this.compare(uri));
    const forget = action("sign-out", vscode.l10n.t("Forget the Token"), () => this.signOut(uri));
    const back =
      state?.previous === undefined
        ? []
        : [action("discard", vscode.l10n.t("Roll Back to {0}", state.previous), () => this.rollback(uri))];
    const sidecars = (state?.instances ?? []).map(({ name, state: how, error }) => ({
      label: name,
      iconPath: new vscode.ThemeIcon(sidecarIcons[how]),
      description: sidecarWord(how),
      ...(error === undefined ? {} : { detail: error }),
    }));
    const rows: (vscode.QuickPickItem & { readonly run?: () => Promise<unknown> })[] = [
      ...(sidecars.length === 0 ? [] : [{ label: vscode.l10n.t("Sidecars"), kind: vscode.QuickPickItemKind.Separator }]),
      ...sidecars,
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      ...(state === undefined
        ? [signIn, publish]
        : state.reason === "unauthorized"
          ? [signIn, publish, forget]
          : [publish, ...(state.revision === undefined ? [] : [compare]), ...back, signIn, forget]),
    ];
    const picked = await vscode.window.showQuickPick(rows, {
      title: state === undefined ? vscode.l10n.t("RMS: not signed in") : wordsOf(state),
      placeHolder: state === undefined ? vscode.l10n.t("Sign in to see what runs") : (state.problem ?? state.detail),
    });
    await picked?.run?.();
  }

  async #url(uri: vscode.Uri, quiet = false): Promise<string | undefined> {
    const setting = vscode.workspace.getConfiguration("rw", uri).get<string>("rms.url");
    if (setting) return setting;
    const { url } = await this.#server.rmsStatus({ uri: uri.toString(), token: undefined });
    if (url !== undefined) return url;
    if (!quiet) {
      const open = vscode.l10n.t("Open Setting");
      const answer = await vscode.window.showWarningMessage(
        vscode.l10n.t("No RMS is named: set `rms.url` in rw.conf, or the setting."),
        open,
      );
      if (answer === open) await vscode.commands.executeCommand("workbench.action.openSettings", "rw.rms");
    }
    return undefined;
  }

  dispose(): void {
    this.#following++;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** True when some sidecar does not run what the channel has. */
function isUnderWay({ active = 0, sidecars = 0, problem }: RmsStatusResult): boolean {
  return problem === undefined && active < sidecars;
}

function sidecarWord(state: SidecarState): string {
  switch (state) {
    case "active":
      return vscode.l10n.t("active");
    case "lagging":
      return vscode.l10n.t("lagging");
    case "failed":
      return vscode.l10n.t("failed");
    case "gone":
      return vscode.l10n.t("gone");
  }
}

async function askToken(url: string, prompt: string): Promise<string | undefined> {
  const given = await vscode.window.showInputBox({
    title: vscode.l10n.t("Token for {0}", url),
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("Paste the token that RMS gave you") : undefined),
  });
  return given?.trim();
}

/** Of a version that no channel serves yet, what keeps it from being served is told. */
function publishedText({ revision = "", steps }: PublishResult): string {
  const channel = steps.find(({ name }) => name === "channel");
  if (channel?.state !== "skipped") return vscode.l10n.t("Published {0}: {1}", revision, lineOf(steps));
  const why = steps.find(({ name }) => name === "publish")?.detail;
  return vscode.l10n.t("Stored, but not switched on: {0}", [channel.summary, ...(why ? [why] : [])].join(". "));
}

function lineOf(steps: readonly PublishStep[]): string {
  return steps
    .map((step, at) => `${at + 1} ${stepName(step.name)} ${stepMarks[step.state]} ${step.summary}`.trimEnd())
    .join(" · ");
}

/** `RMS orders/main prod 1.4.2 · 41/42 active`, or what keeps it from being known. */
function wordsOf(state: RmsStatusResult): string {
  const target = state.target ?? "";
  if (state.reason === "empty") return vscode.l10n.t("RMS {0}: nothing published", target);
  if (state.reason === "unauthorized") return vscode.l10n.t("RMS {0}: sign in again", target);
  if (state.problem !== undefined) return vscode.l10n.t("RMS {0}: not reachable", target);
  const at = `RMS ${target} ${state.revision ?? ""}`.trimEnd();
  if (state.sidecars === undefined || state.sidecars === 0) return at;
  return vscode.l10n.t("{0} · {1}/{2} active", at, state.active ?? 0, state.sidecars);
}
