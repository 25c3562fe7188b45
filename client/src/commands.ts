// The commands of the extension: each finds the file in question and hands over.
import * as vscode from "vscode";
import type { Range, TellParams } from "#protocol/messages.ts";
import { type BundleParts, bundleCommands } from "./bundle/bundle-commands.ts";
import { createTest } from "./create-test.ts";
import type { Debugging } from "./debug/debugging.ts";
import { type DecisionView, decisionUri } from "./decision-view.ts";
import type { DependencyView } from "./dependency-view.ts";
import { type ErrorPages, explainCommand } from "./error-pages.ts";
import { type EvaluationResults, paramsOf } from "./evaluation.ts";
import { isSource } from "./file-systems.ts";
import { convert, copyPath, moveEntry } from "./hocon-commands.ts";
import { inferSchema } from "./infer-schema.ts";
import { pickInput, pickProfile, pinInput } from "./input-picker.ts";
import type { LiveState } from "./live-state.ts";
import type { MatrixActions } from "./matrix/matrix-actions.ts";
import { registerMatrixCommands } from "./matrix/matrix-commands.ts";
import type { MatrixPanel } from "./matrix/matrix-panel.ts";
import type { MatrixState } from "./matrix/matrix-state.ts";
import { migrateWorkspace } from "./migration.ts";
import { decisionScheme, productName, resolvedScheme } from "./names.ts";
import { newPolicy } from "./new-policy.ts";
import { showPartial } from "./partial.ts";
import type { Problems } from "./problems.ts";
import type { ReachedLines } from "./reached-lines.ts";
import { recordMocks } from "./record-mocks.ts";
import { showRecording } from "./recording.ts";
import type { ResolvedPreview } from "./resolved-preview.ts";
import type { Rms } from "./rms.ts";
import { openSample } from "./sample.ts";
import { samplesFromLog } from "./samples-from-log.ts";
import type { ServerLink } from "./server-link.ts";
import { startLocalRms } from "./start-rms.ts";
import { layerIcons, layerName, layers, layerWords, rulesOfProject, type StatusBar } from "./status-bar.ts";
import type { LocalRms } from "./surroundings.ts";
import type { TestExplorer } from "./test-explorer.ts";
import type { ToldEvaluations } from "./told-evaluation.ts";
import { isTrusted } from "./trust.ts";
import { tryAtCursor, tryFunction } from "./try-function.ts";
import type { WhyView } from "./why-view.ts";
import { writeText } from "./written-files.ts";

export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly inBrowser: boolean;
  readonly server: ServerLink;
  readonly log: vscode.LogOutputChannel;
  readonly rms: Rms;
  readonly localRms: LocalRms | undefined;
  readonly results: EvaluationResults;
  readonly told: ToldEvaluations;
  readonly reached: ReachedLines;
  readonly preview: ResolvedPreview;
  readonly errors: ErrorPages;
  readonly tests: TestExplorer;
  readonly debugging: Debugging;
  readonly decision: DecisionView;
  readonly live: LiveState;
  readonly status: StatusBar;
  readonly problems: Problems;
  readonly why: WhyView;
  readonly matrix: { readonly state: MatrixState; readonly panel: MatrixPanel; readonly actions: MatrixActions };
  readonly dependencies: DependencyView;
  readonly bundles: BundleParts;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Registers every command; an id that another extension took is left to it. */
export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { server, results } = parts;
  const registered: vscode.Disposable[] = [];
  const command = (id: string, run: (...args: never[]) => unknown) => {
    try {
      registered.push(
        vscode.commands.registerCommand(id, async (...args: unknown[]) => {
          try {
            return await run(...(args as never[]));
          } catch (error) {
            const text = error instanceof Error ? error.message : String(error);
            parts.log.error(`${id}: ${text}`);
            void vscode.window.showErrorMessage(`${productName}: ${text}`);
            return undefined;
          }
        }),
      );
    } catch (error) {
      parts.log.info(`${id} belongs to another extension: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const withFile = (run: (uri: vscode.Uri, editor: vscode.TextEditor | undefined) => unknown) => (given: unknown) => {
    const editor = vscode.window.activeTextEditor;
    const shown = editor === undefined ? undefined : sourceOf(editor.document.uri);
    const uri = given instanceof vscode.Uri ? given : (shown ?? vscode.workspace.workspaceFolders?.[0]?.uri);
    if (uri === undefined) throw new Error(vscode.l10n.t("open a Rego or HOCON file first"));
    return run(uri, editor);
  };
  const withRego = (run: (editor: vscode.TextEditor) => unknown) => () => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== "rego") throw new Error(vscode.l10n.t("open a Rego file first"));
    return run(editor);
  };
  const withHocon = (run: (editor: vscode.TextEditor) => unknown) => () => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== "hocon") throw new Error(vscode.l10n.t("open a HOCON file first"));
    return run(editor);
  };
  const evaluate = (what: "rule" | "selection" | "package") => withRego((editor) => results.show(paramsOf(editor, what)));

  command("rw.evaluate", (uri: string | undefined, query: string | undefined) =>
    typeof uri === "string" ? results.show({ uri, ...(query === undefined ? {} : { query }) }) : evaluate("rule")(),
  );
  command("rw.evaluateSelection", evaluate("selection"));
  command("rw.evaluatePackage", evaluate("package"));
  const tell = (how: TellParams["how"]) => withRego((editor) => parts.told.show({ ...paramsOf(editor, "selection"), how }));
  command("rw.traceSelection", tell("trace"));
  command("rw.profileSelection", tell("profile"));
  command(
    "rw.partialSelection",
    withRego((editor) => showPartial(server, results, paramsOf(editor, "selection"))),
  );
  command(
    "rw.toggleCoverage",
    withRego((editor) => parts.reached.toggle(paramsOf(editor, "selection"))),
  );
  command("rw.tryFunction", (uri: string | undefined, path: string, parameters: readonly string[]) =>
    uri === undefined
      ? withRego((editor) => tryAtCursor(editor, results, parts.context.workspaceState))()
      : tryFunction({ uri, path, parameters }, results, parts.context.workspaceState),
  );
  command("rw.useOpaKeyBindings", useOpaKeyBindings);
  command(
    "rw.copyCommandLine",
    withRego((editor) => results.copyCommandLine(paramsOf(editor, "selection"))),
  );
  command(
    "rw.pickInput",
    withFile((uri) => pickInput(server, uri, parts.context.workspaceState)),
  );
  command(
    "rw.pinInput",
    withRego((editor) => pinInput(server, editor, parts.context.workspaceState)),
  );
  command(
    "rw.pickProfile",
    withFile((uri) => pickProfile(server, uri, parts.context.workspaceState)),
  );
  command("rw.live.toggle", async () => {
    await toggleLive();
    const isOff = vscode.workspace.getConfiguration("rw").get("live.mode") === "off";
    say(isOff ? vscode.l10n.t("Live decisions are off") : vscode.l10n.t("Live decisions are on"));
  });
  command("rw.decision.open", () => {
    const { document } = parts.decision;
    if (document === undefined) throw new Error(vscode.l10n.t("open a Rego file first"));
    return showBeside(decisionUri(document));
  });
  command("rw.decision.show", () => parts.decision.show());
  command("rw.decision.reveal", async (uri: string, range: Range) => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(uri));
    const at = server.range(range);
    editor.selection = new vscode.Selection(at.start, at.start);
    editor.revealRange(at, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  });
  // A refactoring gave a name, which its author may want to be another one.
  command("rw.renameAt", async (uri: string, at: Range["start"]) => {
    const document = vscode.Uri.parse(uri);
    const editor = await vscode.window.showTextDocument(document);
    const { start } = server.range({ start: at, end: at });
    editor.selection = new vscode.Selection(start, start);
    await vscode.commands.executeCommand("editor.action.rename", [document, start]);
  });
  command("rw.hocon.preview", (given: unknown) => parts.preview.show(given instanceof vscode.Uri ? given : inputInFront(parts)));
  command("rw.hocon.copyPath", withHocon(copyPath));
  command(
    "rw.hocon.convert",
    withFile((uri) => convert(server, uri)),
  );
  for (const direction of ["up", "down"] as const)
    command(
      direction === "up" ? "rw.hocon.moveUp" : "rw.hocon.moveDown",
      withHocon((editor) => moveEntry(server, editor, direction)),
    );
  command("rw.acceptDecision", (uri: unknown, path: string | undefined) =>
    withFile((file) => acceptDecision(server, file, path))(typeof uri === "string" ? vscode.Uri.parse(uri) : uri),
  );
  command(
    "rw.diffDecision",
    withFile((uri) => diffDecision(parts, uri)),
  );
  for (const [id, kind] of [
    ["rw.newPolicy", undefined],
    ["rw.newTest", "test"],
    ["rw.newSample", "sample"],
  ] as const)
    command(id, (uri: unknown) => newPolicy(server, uri instanceof vscode.Uri ? uri : undefined, kind));
  command("rw.inferSchema", (uri: unknown) =>
    withFile((file) => inferSchema(server, results, file))(typeof uri === "string" ? vscode.Uri.parse(uri) : uri),
  );
  command(
    "rw.recordMocks",
    withFile((uri) => recordMocks(server, uri)),
  );
  command("rw.createTest", withRego(createTest));
  command(
    "rw.migrateWorkspace",
    withFile((uri) => migrateWorkspace(server, uri, parts.log)),
  );
  command(
    "rw.publish",
    withFile((uri) => parts.rms.publish(uri)),
  );
  command(
    "rw.rms.compare",
    withFile((uri) => parts.rms.compare(uri)),
  );
  command(
    "rw.rms.putRoles",
    withFile((uri) => parts.rms.putRoles(uri)),
  );
  command(
    "rw.rms.openConsole",
    withFile((uri) => parts.rms.openConsole(uri)),
  );
  command(
    "rw.rollback",
    withFile((uri) => parts.rms.rollback(uri)),
  );
  command(
    "rw.rms.startLocal",
    withFile(async (uri) => {
      if (parts.localRms === undefined) throw new Error(vscode.l10n.t("in a browser no programs can be started"));
      if (await startLocalRms(parts.localRms, server, parts.context.secrets, uri)) await parts.rms.refresh(uri);
    }),
  );
  command("rw.rms.stopLocal", async () => {
    const ran = parts.localRms?.runs === true;
    await parts.localRms?.stop();
    say(ran ? vscode.l10n.t("RMS is stopped; what it holds stays") : vscode.l10n.t("This window has started no RMS"));
  });
  command(
    "rw.rms.signIn",
    withFile((uri) => parts.rms.signIn(uri)),
  );
  command(
    "rw.rms.signOut",
    withFile((uri) => parts.rms.signOut(uri)),
  );
  command(
    "rw.rms.status",
    withFile((uri) => parts.rms.showStatus(uri)),
  );
  command(
    "rw.bundle.build",
    withFile((uri) => buildBundle(parts, uri)),
  );
  command("rw.samplesFromLog", (given: unknown) =>
    withFile((uri) => samplesFromLog(server, uri, given instanceof vscode.Uri ? given : undefined))(undefined),
  );
  for (const [id, run] of Object.entries(bundleCommands(parts.bundles))) command(id, run);
  command(
    "rw.status",
    withFile((uri) => showState(parts, uri)),
  );
  command("rw.why", (uri: unknown, query: unknown, sample: unknown) =>
    typeof uri === "string" && typeof query === "string"
      ? parts.why.ask({ uri, query, ...(typeof sample === "string" ? { sample } : {}) })
      : withRego((editor) => parts.why.ask(paramsOf(editor, "rule")))(),
  );
  command(
    "rw.showDependencies",
    withFile((uri, editor) =>
      parts.dependencies.show(editor?.document.languageId === "rego" ? paramsOf(editor, "rule") : { uri: uri.toString() }),
    ),
  );
  command("rw.dependencies.again", () => parts.dependencies.again());
  command("rw.dependencies.export", () => parts.dependencies.exportAs());
  command("rw.why.again", () => parts.why.again());
  command("rw.why.member", () => parts.why.askMember());
  command("rw.why.apply", (row: unknown) => parts.why.apply(row));
  command("rw.why.text", () => parts.why.showText(results));
  command("rw.debug", (uri: unknown, query: unknown) =>
    typeof uri === "string" && typeof query === "string"
      ? parts.debugging.rule(uri, query)
      : withRego((editor) => parts.debugging.atCursor(editor))(),
  );
  command("rw.debugTest", (id: string) => parts.debugging.tests([id]));
  command("rw.debugWorkspace", () => parts.debugging.workspace());
  command("rw.runTest", (id: string) => parts.tests.runOne(id));
  command("rw.help", () =>
    vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(parts.context.extensionUri, "docs/editor.md")),
  );
  command("rw.openSample", () => openSample(parts.context, parts.inBrowser));
  registerMatrixCommands(command, parts.matrix);
  command("rw.restart", () => parts.restart());
  command("rw.stop", () => parts.stop());
  command("rw.showLog", () => parts.log.show());
  command("rw.saveRecording", () => showRecording(server));
  command(explainCommand, (code: unknown) => parts.errors.show(code));
  command("rw.toggleProblems", () =>
    say(parts.problems.toggle() ? vscode.l10n.t("All problems are hidden") : vscode.l10n.t("Problems are shown again")),
  );
  return registered;
}

/** The HOCON file in front, or the input that the decisions of the policy in front are for. */
function inputInFront({ live }: Parts): vscode.Uri {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === "hocon") return document.uri;
  const sample = live.of(document?.uri)?.sampleUri;
  if (sample === undefined) throw new Error(vscode.l10n.t("open a HOCON file, or a policy with a sample input, first"));
  return vscode.Uri.parse(sample);
}

/** The file that a document is about: itself, or what a view of ours was made from; nothing for documents of others. */
function sourceOf(uri: vscode.Uri): vscode.Uri | undefined {
  if (uri.scheme === decisionScheme || uri.scheme === resolvedScheme) return vscode.Uri.parse(uri.query);
  return isSource(uri) ? uri : undefined;
}

/** Said for a moment where the mark of the open file may not be seen. */
function say(text: string): void {
  vscode.window.setStatusBarMessage(text, 4000);
}

/** Turns live decisions off for the workspace; or on, in the way that is set elsewhere. */
async function toggleLive(): Promise<void> {
  const isOff = () => vscode.workspace.getConfiguration("rw").get("live.mode") === "off";
  const set = (mode: string | undefined) =>
    vscode.workspace
      .getConfiguration("rw")
      .update(
        "live.mode",
        mode,
        vscode.workspace.workspaceFolders === undefined
          ? vscode.ConfigurationTarget.Global
          : vscode.ConfigurationTarget.Workspace,
      );
  if (!isOff()) return set("off");
  await set(undefined);
  if (isOff()) await set("inline");
}

/** Turns on the keys that users of the OPA extension know; says which, and takes it back when asked. */
async function useOpaKeyBindings(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("rw");
  const set = (on: boolean) => settings.update("opaKeyBindings", on || undefined, vscode.ConfigurationTarget.Global);
  await set(true);
  const undo = vscode.l10n.t("Undo");
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      "In Rego files Ctrl+E evaluates the selection and Ctrl+Shift+A the package; on macOS with Cmd in place of Ctrl.",
    ),
    undo,
  );
  if (answer === undo) await set(false);
}

async function showBeside(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
}

async function acceptDecision(server: ServerLink, uri: vscode.Uri, path: string | undefined): Promise<void> {
  const result = await server.acceptDecision({ uri: uri.toString(), ...(path === undefined ? {} : { path }) });
  if (result.uri === undefined || result.after === undefined)
    throw new Error(result.problem ?? vscode.l10n.t("there is no decision to keep"));
  const target = vscode.Uri.parse(result.uri);
  await writeText(target, result.after);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Wrote {0}", vscode.workspace.asRelativePath(target)), 4000);
}

async function diffDecision({ server, results }: Parts, uri: vscode.Uri): Promise<void> {
  const result = await server.acceptDecision({ uri: uri.toString() });
  if (result.after === undefined) throw new Error(result.problem ?? vscode.l10n.t("there is no decision to compare"));
  const show = (name: string, text: string) => results.textAs(`${name}.json`, text);
  await vscode.commands.executeCommand(
    "vscode.diff",
    show("expected", result.before ?? ""),
    show("now", result.after),
    vscode.l10n.t("Expected decision ↔ decision now"),
  );
}

async function buildBundle(parts: Parts, uri: vscode.Uri): Promise<void> {
  if (!isTrusted(vscode.l10n.t("Building needs a trusted workspace: a task writes into its folder."))) return;
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (parts.inBrowser || (folder !== undefined && folder.uri.scheme !== "file"))
    throw new Error(vscode.l10n.t("the command line builds bundles, and needs a folder on the disk"));
  const all = await vscode.tasks.fetchTasks({ type: "rw" });
  const task = all.find((candidate) => candidate.name === "build" && (candidate.scope === folder || folder === undefined));
  if (task === undefined) throw new Error(vscode.l10n.t("open a folder first"));
  parts.log.info(`building the bundle of ${folder?.uri.fsPath ?? uri.fsPath}`);
  await vscode.tasks.executeTask(task);
}

/** Without a server there is no state: what can be done about that. */
async function offerRestart(parts: Parts): Promise<void> {
  const restart = { label: vscode.l10n.t("Restart the Language Server"), iconPath: new vscode.ThemeIcon("debug-restart") };
  const log = { label: vscode.l10n.t("Show the Log"), iconPath: new vscode.ThemeIcon("output") };
  const picked = await vscode.window.showQuickPick([restart, log], {
    title: vscode.l10n.t("The language server is not running"),
    placeHolder: vscode.l10n.t("Nothing is checked or decided until it runs again"),
  });
  if (picked === restart) await parts.restart();
  if (picked === log) parts.log.show();
}

/** A folder of the workspace by its name, one inside of it by its path. */
function nameOf(root: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(root);
  return folder?.uri.path === root.path ? folder.name : vscode.workspace.asRelativePath(root);
}

async function showState(parts: Parts, uri: vscode.Uri): Promise<void> {
  if (parts.status.isDown) return offerRestart(parts);
  const status = parts.status.statusOf(uri);
  if (status === undefined) throw new Error(vscode.l10n.t("the language server has not looked at this file yet"));
  const items = layers.map((name) => ({
    label: layerName(name),
    iconPath: new vscode.ThemeIcon(layerIcons[status[name].state]),
    description: layerWords(status, name),
    name,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("State of {0}", nameOf(vscode.Uri.parse(status.root))),
    placeHolder: rulesOfProject(status),
  });
  if (picked === undefined) return;
  await vscode.commands.executeCommand(
    picked.name === "tests" ? "workbench.view.testing.focus" : "workbench.panel.markers.view.focus",
  );
}
