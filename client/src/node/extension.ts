// The extension's entry on the desktop and on code-server: starts the language server and wires the parts together.
import * as vscode from "vscode";
import { CloseAction, ErrorAction, FileChangeType, LanguageClient, State, TransportKind } from "vscode-languageclient/node";
import { serverFlags } from "../../../bin/engine-flags.cjs";
import { registerCommands } from "../commands.ts";
import { DecisionDocuments, DecisionView } from "../decision-view.ts";
import { Decorations } from "../decorations.ts";
import { ErrorPages, errorLinks } from "../error-pages.ts";
import { EvaluationResults } from "../evaluation.ts";
import { watchFolders } from "../folder-watch.ts";
import { ChoiceKeeper } from "../input-picker.ts";
import { LiveState } from "../live-state.ts";
import { libraryScheme, productName } from "../names.ts";
import { askOldDialect } from "../old-dialect.ts";
import { OpaCommands } from "../opa-commands.ts";
import { Peers } from "../peers.ts";
import { Problems } from "../problems.ts";
import { ResolvedPreview } from "../resolved-preview.ts";
import { Rms } from "../rms.ts";
import { showSample } from "../sample.ts";
import { provideSchemas } from "../schemas.ts";
import { ServerLink } from "../server-link.ts";
import { readSettings } from "../settings.ts";
import { StatusBar } from "../status-bar.ts";
import { registerTasks } from "../tasks.ts";
import { TestExplorer } from "../test-explorer.ts";

/** Files whose changes on the disk the server wants to hear of. */
const watchedFiles = "**/*.{rego,conf,hocon,json,yaml,yml,manifest,properties}";
const maxCrashes = 5;
/** Crashes further apart than this are separate accidents, not a server that cannot run. */
const crashWindow = 3 * 60_000;
let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel(productName, { log: true });
  const crashes: number[] = [];
  const problems = new Problems();
  const module = context.asAbsolutePath("dist/server.mjs");
  client = new LanguageClient(
    "rw",
    productName,
    { module, transport: TransportKind.stdio, args: ["--stdio"], options: { execArgv: serverFlags } },
    {
      documentSelector: ["rego", "hocon", "json", "yaml"].flatMap((language) => [
        { language, scheme: "file" },
        { language, scheme: "untitled" },
      ]),
      outputChannel: log,
      // A server started again wants the settings of now, not those of the activation.
      initializationOptions: () => ({ rw: readSettings(), client: "vscode", errorPages: errorLinks }),
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher(watchedFiles) },
      middleware: {
        handleDiagnostics: (uri, found, next) => problems.handle(uri, found, next),
        workspace: {
          // The server asks with the folder that it wants the settings of.
          configuration: ({ items }) =>
            items.map(({ section, scopeUri }) =>
              section === "rw" ? readSettings(scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri)) : null,
            ),
          didChangeConfiguration: async () => {
            await client?.sendNotification("workspace/didChangeConfiguration", { settings: { rw: readSettings() } });
          },
        },
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => {
          const now = Date.now();
          while (crashes[0] !== undefined && now - crashes[0] > crashWindow) crashes.shift();
          crashes.push(now);
          if (crashes.length <= maxCrashes)
            return {
              action: CloseAction.Restart,
              message: vscode.l10n.t("The language server ended and was started again."),
            };
          return {
            action: CloseAction.DoNotRestart,
            message: vscode.l10n.t(
              "The language server ended six times within three minutes. Run “Rulewright: Show the Log” for the reason, then “Rulewright: Restart the Language Server”.",
            ),
          };
        },
      },
    },
  );
  const server = new ServerLink(client);
  const live = new LiveState(server);
  const status = new StatusBar(server, live, problems);
  const rms = new Rms(server, context.secrets, log);
  const results = new EvaluationResults(server);
  const preview = new ResolvedPreview(server);
  const errors = new ErrorPages(context.extensionUri);
  const tests = new TestExplorer(server);
  const decision = new DecisionView(live);
  const opaCommands = new OpaCommands(log);
  const peers = new Peers(context.globalState, () => {
    opaCommands.update();
    sendSettings();
  });
  const choices = new ChoiceKeeper(server, context.workspaceState);
  const running = client;
  const sendSettings = () => {
    if (running.isRunning())
      void running.sendNotification("workspace/didChangeConfiguration", { settings: { rw: readSettings() } });
  };
  const stop = async () => {
    if (running.needsStop()) await running.stop();
  };
  const restart = async () => {
    crashes.length = 0;
    await stop();
    await running.start();
  };
  context.subscriptions.push(
    log,
    server,
    live,
    status,
    rms,
    results,
    preview,
    errors,
    tests,
    peers,
    opaCommands,
    problems,
    askOldDialect(server, context.workspaceState),
    new Decorations(live),
    decision,
    new DecisionDocuments(live),
    vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
      provideTextDocumentContent: async (uri) => (await server.library(uri.toString())).text,
    }),
    provideSchemas(context.extensionUri),
    watchFolders((uri, change) => {
      const type = change === "created" ? FileChangeType.Created : FileChangeType.Deleted;
      if (running.isRunning())
        void running.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uri.toString(), type }] });
    }),
    registerTasks(process.execPath, context.asAbsolutePath("dist/rw.cjs")),
    ...registerCommands({
      context,
      server,
      log,
      rms,
      results,
      preview,
      errors,
      tests,
      decision,
      live,
      status,
      problems,
      restart,
      stop,
    }),
    running.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) {
        const down = vscode.l10n.t("language server stopped");
        status.serverDown(down);
        live.serverDown(down);
      }
      if (newState !== State.Running) return;
      void tests.discover();
      choices.serverStarted();
      void choices.restore(vscode.workspace.textDocuments);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("rw") || change.affectsConfiguration("opa")) sendSettings();
      if (change.affectsConfiguration("rw.hocon.claimConf")) void claimConf();
    }),
  );
  await showSample(context);
  await claimConf();
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument((document) => {
      void claimConf([document]);
      if (running.isRunning()) void choices.restore([document]);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(sendSettings),
  );
  // The editor does not wait for the server: what is asked before it runs is answered when it does.
  void running.start().then(
    async () => {
      const first = vscode.workspace.textDocuments.find((document) => document.languageId === "rego");
      if (first !== undefined) await rms.refresh(first.uri);
    },
    (error: unknown) => log.error(`start: ${error instanceof Error ? error.message : String(error)}`),
  );
}

export async function deactivate(): Promise<void> {
  if (client?.needsStop() === true) await client.stop();
}

/** Reads `.conf` files as HOCON where the setting says so: those of projects by default, so that nginx's stay what they are. */
async function claimConf(documents: readonly vscode.TextDocument[] = vscode.workspace.textDocuments): Promise<void> {
  for (const document of documents) {
    if (document.languageId === "hocon" || !document.uri.path.endsWith(".conf")) continue;
    const mode = vscode.workspace.getConfiguration("rw.hocon", document.uri).get<string>("claimConf", "inputs");
    if (mode === "never") continue;
    if (mode === "always" || (await besideProject(document.uri)))
      await vscode.languages.setTextDocumentLanguage(document, "hocon");
  }
}

/** True when the file's folder or one above it, within the workspace, holds `rw.conf`, `application.conf` or `reference.conf`. */
async function besideProject(uri: vscode.Uri): Promise<boolean> {
  const top = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  if (top === undefined) return false;
  for (let folder = vscode.Uri.joinPath(uri, ".."); folder.path.startsWith(top); folder = vscode.Uri.joinPath(folder, "..")) {
    for (const name of ["rw.conf", "application.conf", "reference.conf"]) {
      const found = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name)).then(
        () => true,
        () => false,
      );
      if (found) return true;
    }
    if (folder.path === "/") return false;
  }
  return false;
}
