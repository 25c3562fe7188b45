// What the suites share: suites as plain functions, documents of the opened folder, and waiting for a state of the editor.
import Mocha from "mocha";
import * as vscode from "vscode";

/** Adds a suite to a run. */
export type AddSuite = (mocha: Mocha) => void;

/** A suite from its tests by name; every test starts without open editors and with all changes undone. */
export function suiteOf(title: string, tests: Readonly<Record<string, () => Promise<void>>>): AddSuite {
  return (mocha) => {
    const suite = Mocha.Suite.create(mocha.suite, title);
    suite.afterEach(closeAll);
    for (const [name, body] of Object.entries(tests)) suite.addTest(new Mocha.Test(name, body));
  };
}

async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    // The workbench writes its own settings when it likes.
    const own = document.isUntitled || vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
    if (!document.isDirty || !own) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

export function uriOf(path: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
}

export async function open(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(path)));
}

/** The place behind the first occurrence of a text. */
export function behind(document: vscode.TextDocument, text: string): vscode.Position {
  const at = document.getText().indexOf(text);
  if (at < 0) throw new Error(`${document.uri.path} has no ${text}`);
  return document.positionAt(at + text.length);
}

export async function replace(editor: vscode.TextEditor, from: string, to: string): Promise<void> {
  const end = behind(editor.document, from);
  const start = editor.document.positionAt(editor.document.offsetAt(end) - from.length);
  if (!(await editor.edit((edit) => edit.replace(new vscode.Range(start, end), to)))) throw new Error("the edit was refused");
}

/** Asks again until the answer is there; the last one is in the error. */
export async function eventually<T>(
  what: string,
  ask: () => T | PromiseLike<T>,
  good: (answer: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: ${JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** The messages of all problems of a document, once one of them is as wanted. */
export function problems(uri: vscode.Uri, wanted: RegExp): Promise<readonly vscode.Diagnostic[]> {
  return eventually(
    `a problem like ${wanted}`,
    () => vscode.languages.getDiagnostics(uri),
    (found) => found.some(({ message }) => wanted.test(message)),
  );
}

export function noProblems(uri: vscode.Uri): Promise<readonly vscode.Diagnostic[]> {
  return eventually(
    "no problem",
    () => vscode.languages.getDiagnostics(uri),
    (found) => found.length === 0,
  );
}

/** Sets what a workspace says for as long as the body runs. */
export async function withSetting(section: string, name: string, value: unknown, body: () => Promise<void>): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  await settings.update(name, value, vscode.ConfigurationTarget.Workspace);
  try {
    await body();
  } finally {
    await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
  }
}
