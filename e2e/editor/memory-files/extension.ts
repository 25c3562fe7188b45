// An extension for tests: the file system `memfs:`, which holds what `files.json` beside the extension names, and forgets it with the page.
import * as vscode from "vscode";

type Entry = { kind: "folder" } | { kind: "file"; bytes: Uint8Array; changed: number };

class MemoryFiles implements vscode.FileSystemProvider {
  readonly #entries = new Map<string, Entry>([["/", { kind: "folder" }]]);
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.#put(path, new TextEncoder().encode(text));
  }

  #put(path: string, bytes: Uint8Array): void {
    for (let at = path.indexOf("/", 1); at > 0; at = path.indexOf("/", at + 1))
      this.#entries.set(path.slice(0, at), { kind: "folder" });
    this.#entries.set(path, { kind: "file", bytes, changed: Date.now() });
  }

  #at(uri: vscode.Uri): Entry {
    const entry = this.#entries.get(uri.path);
    if (entry === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return entry;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const entry = this.#at(uri);
    return entry.kind === "folder"
      ? { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 }
      : { type: vscode.FileType.File, ctime: 0, mtime: entry.changed, size: entry.bytes.length };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    this.#at(uri);
    const prefix = uri.path === "/" ? "/" : `${uri.path}/`;
    return [...this.#entries].flatMap(([path, { kind }]): [string, vscode.FileType][] => {
      const name = path.slice(prefix.length);
      if (path === "/" || !path.startsWith(prefix) || name.includes("/")) return [];
      return [[name, kind === "folder" ? vscode.FileType.Directory : vscode.FileType.File]];
    });
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const entry = this.#at(uri);
    if (entry.kind === "folder") throw vscode.FileSystemError.FileIsADirectory(uri);
    return entry.bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const type = this.#entries.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
    this.#put(uri.path, bytes);
    this.#changed.fire([{ type, uri }]);
  }

  createDirectory(uri: vscode.Uri): void {
    this.#entries.set(uri.path, { kind: "folder" });
    this.#changed.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  delete(uri: vscode.Uri): void {
    this.#at(uri);
    for (const path of [...this.#entries.keys()])
      if (path === uri.path || path.startsWith(`${uri.path}/`)) this.#entries.delete(path);
    this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.#at(from);
    for (const [path, entry] of [...this.#entries]) {
      if (path !== from.path && !path.startsWith(`${from.path}/`)) continue;
      this.#entries.delete(path);
      this.#entries.set(`${to.path}${path.slice(from.path.length)}`, entry);
    }
    this.#changed.fire([
      { type: vscode.FileChangeType.Deleted, uri: from },
      { type: vscode.FileChangeType.Created, uri: to },
    ]);
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, "files.json"));
  const files = new MemoryFiles(JSON.parse(new TextDecoder().decode(bytes)));
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memfs", files, { isCaseSensitive: true }));
}
