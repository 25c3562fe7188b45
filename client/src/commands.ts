// The commands of the extension: each finds the file in question and hands over.
import * as vscode from "vscode";
import type { Range } from "#protocol/messages.ts";
import { decisionUri } from "./decision-view.ts";
import { type EvaluationResults, paramsOf } from "./evaluation.ts";
import { convert, copyPath, moveEntry } from "./hocon-commands.ts";
import { pickInput, pickProfile } from "./input-picker.ts";
import { newPolicy } from "./new-policy.ts";
import type { ResolvedPreview } from "./resolved-preview.ts";
import type { Rms } from "./rms.ts";
import type { ServerLink } from "./server-link.ts";
import type { StatusBar } from "./status-bar.ts";
import type { TestExplorer } from "./test-explorer.ts";

export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly server: ServerLink;
  readonly log: vscode.LogOutputChannel;
  readonly rms: Rms;
  readonly results: EvaluationResults;
  readonly preview: ResolvedPreview;
  readonly tests: TestExplorer;
  readonly status: StatusBar;
  restart(): Promise<void>;
  stop(): Promise<void>;
  openSample(): Promise<void>;
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
            void vscode.window.showErrorMessage(`Rulewright: ${text}`);
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
    const uri = given instanceof vscode.Uri ? given : (editor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri);
    if (uri === undefined) throw new Error("open a Rego or HOCON file first");
    return run(uri, editor);
  };
  const evaluate = (what: "rule" | "selection" | "package") =>
    withFile((_uri, editor) => {
      if (editor === undefined) throw new Error("open a Rego file first");
      return results.show(paramsOf(editor, what));
    });

  command("rw.evaluate", (uri: string | undefined, query: string | undefined) =>
    typeof uri === "string" ? results.show({ uri, ...(query === undefined ? {} : { query }) }) : evaluate("rule")(undefined),
  );
  command("rw.evaluateSelection", evaluate("selection"));
  command("rw.evaluatePackage", evaluate("package"));
  command(
    "rw.copyCommandLine",
    withFile((_uri, editor) => editor && results.copyCommandLine(paramsOf(editor, "selection"))),
  );
  command(
    "rw.pickInput",
    withFile((uri) => pickInput(server, uri, parts.context.workspaceState)),
  );
  command(
    "rw.pickProfile",
    withFile((uri) => pickProfile(server, uri, parts.context.workspaceState)),
  );
  command("rw.live.toggle", async () => {
    const settings = vscode.workspace.getConfiguration("rw");
    await settings.update(
      "live.mode",
      settings.get("live.mode") === "off" ? "inline" : "off",
      vscode.ConfigurationTarget.Workspace,
    );
  });
  command(
    "rw.decision.open",
    withFile((uri) => showBeside(decisionUri(uri))),
  );
  command("rw.decision.reveal", async (uri: string, range: Range) => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(uri));
    const at = server.range(range);
    editor.selection = new vscode.Selection(at.start, at.start);
    editor.revealRange(at, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  });
  command(
    "rw.hocon.preview",
    withFile((uri) => parts.preview.show(uri)),
  );
  command(
    "rw.hocon.copyPath",
    withFile((_uri, editor) => editor && copyPath(editor)),
  );
  command(
    "rw.hocon.convert",
    withFile((uri) => convert(server, uri)),
  );
  for (const direction of ["up", "down"] as const)
    command(
      direction === "up" ? "rw.hocon.moveUp" : "rw.hocon.moveDown",
      withFile((_uri, editor) => editor && moveEntry(server, editor, direction)),
    );
  command("rw.acceptDecision", (uri: unknown, path: string | undefined) =>
    withFile((file) => acceptDecision(server, file, path))(typeof uri === "string" ? vscode.Uri.parse(uri) : uri),
  );
  command(
    "rw.diffDecision",
    withFile((uri) => diffDecision(server, uri)),
  );
  command("rw.newPolicy", (uri: unknown) => newPolicy(uri instanceof vscode.Uri ? uri : undefined));
  command(
    "rw.publish",
    withFile((uri) => parts.rms.publish(uri)),
  );
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
  command(
    "rw.status",
    withFile((uri) => showState(parts, uri)),
  );
  command("rw.runTest", (id: string) => parts.tests.runOne(id));
  command("rw.openSample", () => parts.openSample());
  command("rw.restart", () => parts.restart());
  command("rw.stop", () => parts.stop());
  command("rw.showLog", () => parts.log.show());
  if (vscode.extensions.getExtension("tsandall.opa")?.isActive !== true) {
    command("opa.eval.package", evaluate("package"));
    command("opa.eval.selection", evaluate("selection"));
    command("opa.test.workspace", () => vscode.commands.executeCommand("testing.runAll"));
    command("opa.regal.restart", () => parts.restart());
  }
  return registered;
}

async function showBeside(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
}

async function acceptDecision(server: ServerLink, uri: vscode.Uri, path: string | undefined): Promise<void> {
  const result = await server.acceptDecision({ uri: uri.toString(), ...(path === undefined ? {} : { path }) });
  if (result.uri === undefined || result.after === undefined) throw new Error(result.problem ?? "there is no decision to keep");
  const target = vscode.Uri.parse(result.uri);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(result.after));
  vscode.window.setStatusBarMessage(`Wrote ${vscode.workspace.asRelativePath(target)}`, 4000);
}

async function diffDecision(server: ServerLink, uri: vscode.Uri): Promise<void> {
  const result = await server.acceptDecision({ uri: uri.toString() });
  if (result.after === undefined) throw new Error(result.problem ?? "there is no decision to compare");
  const [before, after] = await Promise.all(
    [result.before ?? "", result.after].map((content) => vscode.workspace.openTextDocument({ language: "json", content })),
  );
  await vscode.commands.executeCommand("vscode.diff", before!.uri, after!.uri, "Expected decision ↔ decision now");
}

async function buildBundle(parts: Parts, uri: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const all = await vscode.tasks.fetchTasks({ type: "rw" });
  const task = all.find((candidate) => candidate.name === "build" && (candidate.scope === folder || folder === undefined));
  if (task === undefined) throw new Error("open a folder first");
  parts.log.info(`building the bundle of ${folder?.uri.fsPath ?? uri.fsPath}`);
  await vscode.tasks.executeTask(task);
}

async function showState(parts: Parts, uri: vscode.Uri): Promise<void> {
  const status = parts.status.statusOf(uri);
  if (status === undefined) throw new Error("the language server has not looked at this file yet");
  const items = (["syntax", "compile", "lint", "decisions", "tests"] as const).map((name) => {
    const layer = status[name];
    const icon = {
      ok: "check",
      errors: "error",
      warnings: "warning",
      stale: "history",
      off: "circle-slash",
      unknown: "question",
    }[layer.state];
    const passed = name === "tests" && status.total > 0 ? `${status.passed} of ${status.total} pass, ` : "";
    return {
      label: `$(${icon}) ${name}`,
      description: `${passed}${layer.errors} errors, ${layer.warnings} warnings, ${layer.ms.toFixed(0)} ms`,
      name,
    };
  });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: `${status.rules} rules in this project` });
  if (picked === undefined) return;
  await vscode.commands.executeCommand(
    picked.name === "tests" ? "workbench.view.testing.focus" : "workbench.actions.view.problems",
  );
}
