// The extension, wherever it runs: starts the language server and wires the parts together.
import * as vscode from "vscode";
import { FileChangeType, State } from "vscode-languageclient";
import { BundleFiles } from "./bundle/bundle-files.ts";
import { BundleView } from "./bundle/bundle-view.ts";
import { registerCommands } from "./commands.ts";
import { claimConf } from "./conf-files.ts";
import { Debugging } from "./debug/debugging.ts";
import { DecisionDocuments, DecisionView } from "./decision-view.ts";
import { Decorations } from "./decorations.ts";
import { DependencyView } from "./dependency-view.ts";
import { ErrorPages } from "./error-pages.ts";
import { EvaluationResults } from "./evaluation.ts";
import { watchFolders } from "./folder-watch.ts";
import { ChoiceKeeper } from "./input-picker.ts";
import { LanguageServer } from "./language-server.ts";
import { LiveState } from "./live-state.ts";
import { MatrixActions } from "./matrix/matrix-actions.ts";
import { MatrixPanel } from "./matrix/matrix-panel.ts";
import { MatrixState } from "./matrix/matrix-state.ts";
import { MatrixTree } from "./matrix/matrix-tree.ts";
import { libraryScheme, productName } from "./names.ts";
import { askOldDialect } from "./old-dialect.ts";
import { OpaCommands } from "./opa-commands.ts";
import { Peers } from "./peers.ts";
import { Problems } from "./problems.ts";
import { ReachedLines } from "./reached-lines.ts";
import { ResolvedPreview } from "./resolved-preview.ts";
import { Rms } from "./rms.ts";
import { showSample } from "./sample.ts";
import { provideSchemas } from "./schemas.ts";
import { ServerLink } from "./server-link.ts";
import { StatusBar } from "./status-bar.ts";
import type { Surroundings } from "./surroundings.ts";
import { TestExplorer } from "./test-explorer.ts";
import { ToldEvaluations } from "./told-evaluation.ts";
import { offerWhy } from "./why-action.ts";
import { WhyView } from "./why-view.ts";

let server: LanguageServer | undefined;

export async function start(context: vscode.ExtensionContext, around: Surroundings): Promise<void> {
  void vscode.commands.executeCommand("setContext", "rw.inBrowser", around.inBrowser);
  const log = vscode.window.createOutputChannel(productName, { log: true });
  const problems = new Problems();
  const languageServer = new LanguageServer(around, log, problems);
  server = languageServer;
  const { client } = languageServer;
  const link = new ServerLink(client);
  const live = new LiveState(link);
  const status = new StatusBar(link, live, problems);
  const localRms = around.localRms?.(log);
  const results = new EvaluationResults(link);
  const rms = new Rms(link, context.secrets, log, results);
  const told = new ToldEvaluations(link, results);
  const reached = new ReachedLines(link);
  const preview = new ResolvedPreview(link);
  const errors = new ErrorPages(context.extensionUri);
  const debugging = new Debugging(link, log);
  const tests = new TestExplorer(link, debugging);
  const decision = new DecisionView(live);
  const dependencies = new DependencyView(link);
  const why = new WhyView(link);
  const bundleFiles = new BundleFiles(link);
  const bundleView = new BundleView(bundleFiles);
  const opaCommands = new OpaCommands(log);
  const peers = new Peers(context.globalState, () => {
    opaCommands.update();
    languageServer.tellSettings();
  });
  const matrix = new MatrixState(link, context.secrets, context.workspaceState);
  const matrixActions = new MatrixActions(link, matrix, { results, why, debugging });
  const matrixPanel = new MatrixPanel(matrix, matrixActions, context.extensionUri, (error) => {
    void vscode.window.showErrorMessage(`${productName}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const choices = new ChoiceKeeper(link, context.workspaceState);
  context.subscriptions.push(
    log,
    link,
    live,
    status,
    rms,
    results,
    told,
    reached,
    preview,
    errors,
    tests,
    debugging,
    peers,
    opaCommands,
    problems,
    matrix,
    matrixPanel,
    new MatrixTree(matrix),
    askOldDialect(link, context.workspaceState),
    new Decorations(live),
    decision,
    why,
    dependencies,
    bundleFiles,
    bundleView,
    offerWhy(),
    new DecisionDocuments(live),
    vscode.workspace.registerTextDocumentContentProvider(libraryScheme, {
      provideTextDocumentContent: async (uri) => (await link.library(uri.toString())).text,
    }),
    provideSchemas(context.extensionUri),
    watchFolders((uri, change) => {
      const type = change === "created" ? FileChangeType.Created : FileChangeType.Deleted;
      languageServer.tell("workspace/didChangeWatchedFiles", { changes: [{ uri: uri.toString(), type }] });
    }),
    ...around.registered(),
    ...(localRms === undefined ? [] : [localRms]),
    ...registerCommands({
      context,
      inBrowser: around.inBrowser,
      server: link,
      log,
      rms,
      localRms,
      results,
      told,
      reached,
      preview,
      errors,
      tests,
      debugging,
      decision,
      live,
      status,
      problems,
      why,
      matrix: { state: matrix, panel: matrixPanel, actions: matrixActions },
      dependencies,
      bundles: { server: link, files: bundleFiles, view: bundleView },
      restart: () => languageServer.restart(),
      stop: () => languageServer.stop(),
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) {
        const down = vscode.l10n.t("language server stopped");
        status.serverDown(down);
        live.serverDown(down);
        debugging.serverDown();
        matrix.serverDown(down);
      }
      if (newState !== State.Running) return;
      void tests.discover();
      choices.serverStarted();
      void choices.restore(vscode.workspace.textDocuments);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("rw") || change.affectsConfiguration("opa")) languageServer.tellSettings();
      if (change.affectsConfiguration("rw.hocon.claimConf")) void claimConf();
    }),
  );
  await showSample(context);
  await claimConf();
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument((document) => {
      void claimConf([document]);
      if (client.isRunning()) void choices.restore([document]);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => languageServer.tellSettings()),
  );
  // The editor does not wait for the server: what is asked before it runs is answered when it does.
  void client.start().then(
    async () => {
      const first = vscode.workspace.textDocuments.find((document) => document.languageId === "rego");
      if (first !== undefined) await rms.refresh(first.uri);
    },
    (error: unknown) => log.error(`start: ${error instanceof Error ? error.message : String(error)}`),
  );
}

export async function end(): Promise<void> {
  await server?.stop();
}
