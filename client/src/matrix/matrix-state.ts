// The decision matrix of one project as the extension knows it: asked for while a view shows it, again after edits, and held while there is none.
import * as vscode from "vscode";
import type { MatrixParams, MatrixResult, MatrixRow } from "#protocol/messages.ts";
import { isSource } from "../file-systems.ts";
import { tokenKey } from "../names.ts";
import type { ServerLink } from "../server-link.ts";

/** Milliseconds without a change before it is asked for again. */
const pause = 400;

const pinsKey = "rw.matrix.pins";

export class MatrixState implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progress = new vscode.EventEmitter<string>();
  readonly onChange = this.#changed.event;
  readonly onProgress = this.#progress.event;
  readonly #server: ServerLink;
  readonly #secrets: vscode.SecretStorage;
  readonly #memory: vscode.Memento;
  readonly #subscriptions: vscode.Disposable[];
  /** Who shows it now. */
  readonly #shownBy = new Set<object>();
  #uri: vscode.Uri | undefined;
  #result: MatrixResult | undefined;
  #problem: string | undefined;
  #running: vscode.CancellationTokenSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOutdated = true;

  constructor(server: ServerLink, secrets: vscode.SecretStorage, memory: vscode.Memento) {
    this.#server = server;
    this.#secrets = secrets;
    this.#memory = memory;
    this.#subscriptions = [
      this.#changed,
      this.#progress,
      server.onTestsChanged(() => this.#later()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#follow()),
    ];
    this.#follow();
  }

  /** A file of the project. */
  get uri(): vscode.Uri | undefined {
    return this.#uri;
  }

  /** The last one that could be made. */
  get result(): MatrixResult | undefined {
    return this.#result;
  }

  /** Why there is none, or why it is not of the text as it is now. */
  get problem(): string | undefined {
    if (this.#problem === undefined || this.#result === undefined) return this.#problem;
    return this.#result.problem === undefined ? vscode.l10n.t("Stale: {0}", this.#problem) : this.#problem;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Shows the project of that file from now on. */
  about(uri: vscode.Uri): void {
    if (this.#uri?.toString() === uri.toString()) return;
    const isOther = this.#result === undefined || !isBelow(uri, this.#result.root);
    this.#uri = uri;
    if (!isOther) return;
    this.#result = undefined;
    this.#problem = undefined;
    this.#outdated();
  }

  /** The project of the policy or sample in front, where one is. */
  #follow(): void {
    const document = vscode.window.activeTextEditor?.document;
    const isOurs = document?.languageId === "rego" || document?.languageId === "hocon";
    if (document !== undefined && isOurs && isSource(document.uri)) this.about(document.uri);
  }

  /** While somebody shows it, it is kept up to date. */
  shown(by: object, isShown: boolean): void {
    if (isShown) this.#shownBy.add(by);
    else this.#shownBy.delete(by);
    if (isShown && this.#isOutdated && !this.isBusy) this.#later();
  }

  #outdated(): void {
    this.#isOutdated = true;
    this.#changed.fire();
    this.#later();
  }

  #later(): void {
    this.#isOutdated = true;
    clearTimeout(this.#timer);
    if (this.#shownBy.size > 0) this.#timer = setTimeout(() => void this.run(), pause);
  }

  /** Nothing is known of what the server decided before. */
  serverDown(reason: string): void {
    this.stop();
    if (this.#result !== undefined) this.#problem = reason;
    this.#isOutdated = true;
    this.#changed.fire();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.cancel();
  }

  /** Asks for it; the run before is given up. */
  async run(again?: MatrixParams["again"]): Promise<void> {
    this.stop();
    const uri = this.#uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (uri === undefined) {
      this.#problem = vscode.l10n.t("Open a policy or a sample input: its project is decided here.");
      this.#changed.fire();
      return;
    }
    this.#uri = uri;
    const running = new vscode.CancellationTokenSource();
    this.#running = running;
    this.#isOutdated = false;
    this.#changed.fire();
    try {
      const params = { uri: uri.toString(), ...(again === undefined ? {} : { again }) };
      const first = await this.#ask({ ...params, ...(await this.#address()) }, running);
      // Only now is known which RMS that is, and whether there is a token for it.
      const address = first.published === undefined ? await this.#addressOf(first.rms) : undefined;
      this.#take(address === undefined ? first : await this.#ask({ uri: params.uri, ...address }, running));
    } catch (error) {
      if (running.token.isCancellationRequested) this.#isOutdated = true;
      else this.#problem = error instanceof Error ? error.message : String(error);
    } finally {
      running.dispose();
      if (this.#running === running) {
        this.#running = undefined;
        this.#changed.fire();
      }
    }
  }

  #ask(params: MatrixParams, running: vscode.CancellationTokenSource): Promise<MatrixResult> {
    return this.#server.matrix(params, running.token, ({ decided, all }) => {
      if (this.#running === running) this.#progress.fire(vscode.l10n.t("{0} of {1} decisions", decided, all));
    });
  }

  /** What cannot be decided leaves what was decided before. */
  #take(result: MatrixResult): void {
    const isKept = result.problem !== undefined && this.#result?.root === result.root;
    if (!isKept) this.#result = result;
    this.#problem = result.problem;
  }

  #address(): Promise<{ readonly url: string; readonly token: string } | undefined> {
    return this.#addressOf(this.#result?.rms);
  }

  async #addressOf(url: string | undefined) {
    const token = url === undefined || !vscode.workspace.isTrusted ? undefined : await this.#secrets.get(tokenKey(url));
    return url === undefined || token === undefined ? undefined : { url, token };
  }

  /** The rows that stand first, whatever is filtered. */
  get pins(): ReadonlySet<string> {
    return new Set(this.#memory.get<readonly string[]>(pinsKey, []));
  }

  async pin(row: string): Promise<void> {
    const pins = new Set(this.pins);
    if (!pins.delete(row)) pins.add(row);
    await this.#memory.update(pinsKey, [...pins]);
    this.#changed.fire();
  }

  dispose(): void {
    this.stop();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

const isBelow = (uri: vscode.Uri, root: string): boolean => `${uri.toString()}/`.startsWith(`${root.replace(/\/$/u, "")}/`);

/** Names a row: two of one sample have other profiles. */
export const rowId = ({ uri, profile }: MatrixRow): string => (profile === null ? uri : `${uri} ${profile}`);
