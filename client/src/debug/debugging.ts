// The debugger of the editor: sessions of the type `opa-debug`, and what starts one.
import * as vscode from "vscode";
import { debugType } from "../names.ts";
import { hasPeer } from "../peers.ts";
import type { ServerLink } from "../server-link.ts";
import { ServerDebugAdapter } from "./adapter.ts";
import { atCursor, Configurations, OfferedConfigurations } from "./configurations.ts";
import { inlineValues } from "./inline-values.ts";

export class Debugging implements vscode.Disposable {
  readonly #server: ServerLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Set<ServerDebugAdapter>();
  readonly #registered: vscode.Disposable[];
  #started = 0;

  constructor(server: ServerLink, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#log = log;
    this.#registered = hasPeer() ? [] : this.#register();
  }

  #register(): vscode.Disposable[] {
    try {
      const offered = vscode.DebugConfigurationProviderTriggerKind.Dynamic;
      return [
        vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
          createDebugAdapterDescriptor: (session) => this.#adapterFor(session),
        }),
        vscode.debug.registerDebugConfigurationProvider(debugType, new Configurations()),
        vscode.debug.registerDebugConfigurationProvider(debugType, new OfferedConfigurations(this.#server), offered),
        vscode.languages.registerInlineValuesProvider("rego", inlineValues),
      ];
    } catch (error) {
      this.#log.info(`${debugType} belongs to another extension: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  #adapterFor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const port: unknown = session.configuration["port"];
    // An adapter that somebody has started.
    if (typeof port === "number") return new vscode.DebugAdapterServer(port);
    // A session that is restarted has its id again, and the adapter before may still say that it ends.
    const adapter = new ServerDebugAdapter(this.#server, `${session.id} ${this.#started++}`);
    this.#sessions.add(adapter);
    const subscription = vscode.debug.onDidTerminateDebugSession(({ id }) => {
      if (id !== session.id) return;
      this.#sessions.delete(adapter);
      subscription.dispose();
    });
    return new vscode.DebugAdapterInlineImplementation(adapter);
  }

  /** A rule by its path, asked with the input that counts for it unless another one is named. */
  async rule(uri: string, query: string, input: { readonly inputPath?: string; readonly profile?: string } = {}): Promise<void> {
    await this.#start(vscode.Uri.parse(uri), { name: query, query, file: uri, ...input });
  }

  async atCursor(editor: vscode.TextEditor): Promise<void> {
    await this.#start(editor.document.uri, atCursor(editor));
  }

  /** All rules of the workspace, as the extension for OPA does. */
  async workspace(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri;
    await this.#start(uri, { name: vscode.l10n.t("Debug all rules"), command: "eval", query: "data", stopOnEntry: true });
  }

  /** Tests by their ids; done when the session is over. */
  async tests(ids: readonly string[], testRun?: vscode.TestRun): Promise<void> {
    const name = vscode.l10n.t("Debug tests");
    const configuration = { name, command: "test", tests: ids, stopOnEntry: testRun === undefined, stopOnResult: false };
    const [first] = ids;
    const uri = first === undefined ? undefined : vscode.Uri.file(first.replace(/\?.*$/u, ""));
    let subscription: vscode.Disposable | undefined;
    const over = new Promise<void>((done) => {
      subscription = vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.configuration["tests"] === ids || session.name === name) done();
      });
    });
    try {
      if (await this.#start(uri, configuration, testRun)) await over;
    } finally {
      subscription?.dispose();
    }
  }

  #start(
    uri: vscode.Uri | undefined,
    configuration: Readonly<Record<string, unknown>> & { readonly name: string },
    testRun?: vscode.TestRun,
  ): Thenable<boolean> {
    const own = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
    const folder = own ?? vscode.workspace.workspaceFolders?.[0];
    const launch = { type: debugType, request: "launch", ...configuration };
    return vscode.debug.startDebugging(folder, launch, testRun === undefined ? {} : { testRun });
  }

  /** No session goes on without the server. */
  serverDown(): void {
    for (const session of this.#sessions) session.end();
    this.#sessions.clear();
  }

  dispose(): void {
    for (const one of this.#registered) one.dispose();
  }
}
