// New policy, test or sample: asks what and where, then writes all its files; nothing when a name is taken.
import * as vscode from "vscode";
import type { NewFilesParams, NewFilesResult } from "#protocol/messages.ts";
import type { ServerLink } from "./server-link.ts";

type KindName = NewFilesParams["kind"];

interface Kind extends vscode.QuickPickItem {
  readonly name: KindName;
}

/** Runs the dialogue for `target`: a folder, or the first workspace folder. */
export async function newPolicy(server: ServerLink, target: vscode.Uri | undefined, wanted?: KindName): Promise<void> {
  const front = vscode.window.activeTextEditor?.document.uri;
  // A test module stands beside the policy that it tests.
  const tested = wanted === "test" && target === undefined ? await policyInFront() : undefined;
  const base =
    target ?? (front && vscode.workspace.getWorkspaceFolder(front)?.uri) ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  if (base === undefined) {
    const open = vscode.l10n.t("Open Folder");
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t("Open a folder first: new policies are written there."),
      open,
    );
    if (answer === open) await vscode.commands.executeCommand("workbench.action.files.openFolder");
    return;
  }
  const kind = wanted ?? (await askKind());
  if (kind === undefined) return;
  const own = await packageOf(server, base, target === undefined);
  const isSample = kind === "sample";
  const name = await vscode.window.showInputBox({
    title: titleOf(kind),
    prompt: isSample ? vscode.l10n.t("Name of the sample, as large-order") : vscode.l10n.t("Package, as authz.orders"),
    value: isSample ? "sample" : (tested?.package ?? own ?? "authz"),
    validateInput: async (name) => faultText((await server.newFiles({ kind, name })).fault),
  });
  if (name === undefined) return;
  const { root } = await server.samples(base.toString());
  const folders = {
    package: name === tested?.package ? tested.folder : folderFor(base, own, name),
    inputs: vscode.Uri.joinPath(vscode.Uri.parse(root), "inputs"),
  };
  const files = (await server.newFiles({ kind, name })).files.map(({ folder, file, text }) => ({
    uri: vscode.Uri.joinPath(folders[folder], file),
    text,
  }));
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, text } of files) {
    if (await exists(uri)) {
      void vscode.window.showErrorMessage(
        vscode.l10n.t("{0} exists already: nothing was written.", vscode.workspace.asRelativePath(uri)),
      );
      return;
    }
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage(vscode.l10n.t("The files could not be written: nothing was changed."));
    return;
  }
  const [first] = files;
  if (first !== undefined) await vscode.window.showTextDocument(first.uri);
}

function titleOf(kind: KindName): string {
  switch (kind) {
    case "decision":
    case "library":
      return vscode.l10n.t("New Policy");
    case "test":
      return vscode.l10n.t("New Test Module");
    case "data":
      return vscode.l10n.t("New Data");
    case "sample":
      return vscode.l10n.t("New Sample Input");
  }
}

async function askKind(): Promise<KindName | undefined> {
  const kinds: readonly Kind[] = [
    {
      name: "decision",
      label: vscode.l10n.t("Decision"),
      iconPath: new vscode.ThemeIcon("law"),
      description: vscode.l10n.t("a policy with a test, a sample input and its expected decision"),
    },
    {
      name: "library",
      label: vscode.l10n.t("Library"),
      iconPath: new vscode.ThemeIcon("library"),
      description: vscode.l10n.t("functions for other policies, with a test"),
    },
    {
      name: "test",
      label: vscode.l10n.t("Test"),
      iconPath: new vscode.ThemeIcon("beaker"),
      description: vscode.l10n.t("a test module for an existing package"),
    },
    {
      name: "data",
      label: vscode.l10n.t("Data"),
      iconPath: new vscode.ThemeIcon("database"),
      description: vscode.l10n.t("a data.json in the package's folder"),
    },
    {
      name: "sample",
      label: vscode.l10n.t("Sample input"),
      iconPath: new vscode.ThemeIcon("symbol-object"),
      description: vscode.l10n.t("a HOCON file in inputs/"),
    },
  ];
  const placeHolder = vscode.l10n.t("What is it?");
  return (await vscode.window.showQuickPick(kinds, { title: vscode.l10n.t("New Policy"), placeHolder }))?.name;
}

function faultText(fault: NewFilesResult["fault"]): string | undefined {
  switch (fault?.kind) {
    case "package":
      return vscode.l10n.t("Names with dots between: letters, digits and _");
    case "keyword":
      return vscode.l10n.t("“{0}” is a keyword of Rego: choose another name", fault.word);
    case "sample":
      return vscode.l10n.t("Letters, digits, - and _");
    case undefined:
      return undefined;
  }
}

/** Folders that hold policies without being part of their packages' names. */
const holders = new Set(["policy", "policies", "rego", "src", "bundle", "bundles"]);

/** The folder and the package of the policy that is looked at. */
async function policyInFront(): Promise<{ readonly folder: vscode.Uri; readonly package: string } | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "rego" || document.isUntitled) return undefined;
  const symbols = await vscode.commands.executeCommand<readonly vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider",
    document.uri,
  );
  const name = symbols?.find(({ kind }) => kind === vscode.SymbolKind.Package)?.name.replace(/_test$/u, "");
  return name === undefined ? undefined : { folder: vscode.Uri.joinPath(document.uri, ".."), package: name };
}

/** The package that the folder's path stands for, if it stands for one: that of the last folder which is no holder of policies. */
async function packageOf(server: ServerLink, folder: vscode.Uri, isWorkspaceFolder: boolean): Promise<string | undefined> {
  if (isWorkspaceFolder || folder.path === vscode.workspace.getWorkspaceFolder(folder)?.uri.path) return undefined;
  const parts = vscode.workspace.asRelativePath(folder, false).split("/");
  const names = parts.slice(parts.findLastIndex((part) => holders.has(part)) + 1);
  const name = names.join(".");
  const { fault } = await server.newFiles({ kind: "decision", name });
  return fault === undefined ? name : undefined;
}

/** The folder for a package made in `base`, whose own path stands for `own`: parts that it names already are not repeated. */
function folderFor(base: vscode.Uri, own: string | undefined, name: string): vscode.Uri {
  const rest = own !== undefined && `${name}.`.startsWith(`${own}.`) ? name.slice(own.length + 1) : name;
  return rest === "" ? base : vscode.Uri.joinPath(base, ...rest.split("."));
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
