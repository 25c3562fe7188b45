// The Bundle view: what is in an archive, how it is signed, and what OPA would refuse it for.
import * as vscode from "vscode";
import type { BundleContents, BundleFile } from "#protocol/bundles.ts";
import { type BundleFiles, inBundle } from "./bundle-files.ts";

interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: vscode.ThemeIcon;
  readonly parent: Row | undefined;
  readonly children: Row[];
  /** What choosing the row opens. */
  readonly uri?: vscode.Uri;
  readonly row?: number;
}

const icons: Record<BundleFile["kind"], string> = {
  manifest: "list-flat",
  policy: "law",
  data: "database",
  wasm: "file-binary",
  plan: "file-code",
  signatures: "key",
  other: "file",
};

export class BundleView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #files: BundleFiles;
  readonly #view: vscode.TreeView<Row>;
  #rows: readonly Row[] = [];
  #archive: vscode.Uri | undefined;

  constructor(files: BundleFiles) {
    this.#files = files;
    this.#view = vscode.window.createTreeView("rw.bundle", { treeDataProvider: this, showCollapseAll: true });
  }

  /** The bundle that is shown. */
  get archive(): vscode.Uri | undefined {
    return this.#archive;
  }

  /** Shows a bundle; throws why it is none. */
  async show(archive: vscode.Uri): Promise<void> {
    const contents = await this.#files.contentsOf(archive);
    this.#archive = archive;
    this.#rows = rowsOf(archive, contents);
    this.#view.description = archive.path.slice(archive.path.lastIndexOf("/") + 1);
    await vscode.commands.executeCommand("setContext", "rw.hasBundle", true);
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand("rw.bundle.focus");
    const first = this.#rows[0];
    if (first !== undefined) await this.#view.reveal(first, { select: true, focus: true });
  }

  getParent({ parent }: Row): Row | undefined {
    return parent;
  }

  getChildren(parent?: Row): Row[] {
    return [...(parent?.children ?? this.#rows)];
  }

  getTreeItem({ label, description, icon, children, uri, row, parent }: Row): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, children.length === 0 ? None : parent === undefined ? Expanded : Collapsed);
    item.description = description;
    item.iconPath = icon;
    item.tooltip = [label, description].filter((part) => part !== "").join(": ");
    item.accessibilityInformation = { label: [label, description].filter((part) => part !== "").join(", ") };
    if (uri !== undefined) {
      const selection = row === undefined ? undefined : new vscode.Range(row - 1, 0, row - 1, 0);
      item.command = { command: "vscode.open", title: vscode.l10n.t("Show"), arguments: [uri, { selection, preview: true }] };
    }
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}

function rowsOf(archive: vscode.Uri, contents: BundleContents): readonly Row[] {
  const { files, revision, roots, signature, problems } = contents;
  const row = (label: string, description: string, icon: string, color?: string): Row => ({
    label,
    description,
    icon: new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color)),
    parent: undefined,
    children: [],
  });
  const rows: Row[] = problems.map(({ path, row: at, text }) => ({
    ...row(path === undefined ? text : `${path}:${at}: ${text}`, "", "error", "list.errorForeground"),
    ...(path === undefined ? {} : { uri: inBundle(archive, path), ...(at === undefined ? {} : { row: at }) }),
  }));
  rows.push(row(vscode.l10n.t("Revision"), revision ?? vscode.l10n.t("none"), "tag"));
  rows.push(row(vscode.l10n.t("Roots"), roots.map((root) => (root === "" ? "/" : root)).join(", "), "folder-library"));
  rows.push(row(vscode.l10n.t("Signature"), signatureWords(signature), signature === undefined ? "unlock" : "key"));
  const size = files.reduce((total, file) => total + file.size, 0);
  const all = row(vscode.l10n.t("Files"), vscode.l10n.t("{0}, {1} unpacked", files.length, sizeText(size)), "package");
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) insert(all, archive, file);
  return [...rows, all];
}

/** Puts a file below the folders that it lies in. */
function insert(root: Row, archive: vscode.Uri, file: BundleFile): void {
  const names = file.path.split("/");
  let parent = root;
  for (const [at, name] of names.slice(0, -1).entries()) {
    const known = parent.children.find(({ label, uri }) => label === name && uri === undefined);
    const folder = known ?? { label: name, description: "", icon: vscode.ThemeIcon.Folder, parent, children: [] };
    if (known === undefined) parent.children.push(folder);
    parent = folder;
    if (at > deepest) break;
  }
  const words = [file.package, sizeText(file.size)].filter((word) => word !== undefined);
  parent.children.push({
    label: names.at(-1) ?? file.path,
    description: words.join(" · "),
    icon: new vscode.ThemeIcon(icons[file.kind]),
    parent,
    children: [],
    uri: inBundle(archive, file.path),
  });
}

/** Folders inside of each other that are drawn. */
const deepest = 50;

function signatureWords(signature: BundleContents["signature"]): string {
  if (signature === undefined) return vscode.l10n.t("not signed");
  const { algorithm, keyId, scope, files, faults } = signature;
  const how = [algorithm, keyId === undefined ? "" : vscode.l10n.t("key {0}", keyId), scope === undefined ? "" : scope];
  const state = faults.length === 0 ? vscode.l10n.t("{0} files as signed", files) : vscode.l10n.t("not as signed");
  return [...how, state].filter((part) => part !== "").join(" · ");
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return vscode.l10n.t("{0} bytes", bytes);
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
