// The file system of bundles: an archive as a folder that can be read, `rw-bundle:/home/ann/bundle.tar.gz!/policy/orders.rego`.
import * as vscode from "vscode";
import type { BundleContents } from "#protocol/bundles.ts";
import { bundleScheme } from "../names.ts";
import type { ServerLink } from "../server-link.ts";

/** Stands between the path of the archive and that of a file in it. */
const border = "!/";
/** In the query of an address: JSON is wanted with a line for each value. */
const forReading = "&indented";

export interface InBundle {
  readonly archive: vscode.Uri;
  /** Empty for the bundle itself. */
  readonly path: string;
  readonly indented: boolean;
}

/** The address of a file in an archive; what of the archive's address is no path stands in the query. */
export function inBundle(archive: vscode.Uri, path: string, indented = false): vscode.Uri {
  const query = `${archive.scheme}://${archive.authority}${indented ? forReading : ""}`;
  return vscode.Uri.from({ scheme: bundleScheme, path: `${archive.path}${border}${path}`, query });
}

export function placeInBundle(uri: vscode.Uri): InBundle {
  const at = uri.path.lastIndexOf(border);
  const end = at < 0 ? uri.path.length : at;
  const [, scheme = "file", authority = ""] = /^([a-z][\w+.-]*):\/\/([^&]*)/iu.exec(uri.query) ?? [];
  return {
    archive: vscode.Uri.from({ scheme, authority, path: uri.path.slice(0, end).replace(/!$/u, "") }),
    path: uri.path.slice(end + border.length),
    indented: uri.query.endsWith(forReading),
  };
}

interface Listing {
  readonly contents: BundleContents;
  readonly stamp: number;
}

export class BundleFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #server: ServerLink;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #listings = new Map<string, Listing>();
  readonly #registration = vscode.workspace.registerFileSystemProvider(bundleScheme, this, {
    isReadonly: new vscode.MarkdownString(vscode.l10n.t("What is in a bundle cannot be changed: build it anew.")),
    isCaseSensitive: true,
  });

  constructor(server: ServerLink) {
    this.#server = server;
  }

  /** What is in the archive as it is now; throws why it cannot be told. */
  async contentsOf(archive: vscode.Uri): Promise<BundleContents> {
    const { mtime: stamp } = await vscode.workspace.fs.stat(archive);
    const known = this.#listings.get(archive.toString());
    if (known?.stamp === stamp) return known.contents;
    const contents = await this.#server.bundle({ uri: archive.toString() });
    if ("problem" in contents) throw new Error(`${archive.path.slice(archive.path.lastIndexOf("/") + 1)}: ${contents.problem}`);
    this.#listings.set(archive.toString(), { contents, stamp });
    return contents;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { archive, path } = placeInBundle(uri);
    const { files } = await this.#contents(uri, archive);
    const { mtime } = await vscode.workspace.fs.stat(archive);
    const times = { ctime: mtime, mtime, permissions: vscode.FilePermission.Readonly };
    const file = files.find((one) => one.path === path);
    if (file !== undefined) return { type: vscode.FileType.File, size: file.size, ...times };
    const folder = path === "" ? "" : `${path.replace(/\/$/u, "")}/`;
    if (folder !== "" && !files.some((one) => one.path.startsWith(folder))) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, size: 0, ...times };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { archive, path } = placeInBundle(uri);
    const { files } = await this.#contents(uri, archive);
    const folder = path === "" ? "" : `${path.replace(/\/$/u, "")}/`;
    const below = files.flatMap((one) => (one.path.startsWith(folder) ? [one.path.slice(folder.length)] : []));
    const entries = new Map<string, vscode.FileType>();
    for (const rest of below) {
      const slash = rest.indexOf("/");
      const name = slash < 0 ? rest : rest.slice(0, slash);
      entries.set(name, slash < 0 ? vscode.FileType.File : vscode.FileType.Directory);
    }
    return [...entries];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { archive, path, indented } = placeInBundle(uri);
    await this.#contents(uri, archive);
    const file = await this.#server.bundleFile({ uri: archive.toString(), path, indented });
    if (file === null) throw vscode.FileSystemError.FileNotFound(uri);
    return Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0));
  }

  async #contents(uri: vscode.Uri, archive: vscode.Uri): Promise<BundleContents> {
    try {
      return await this.contentsOf(archive);
    } catch (error) {
      if (error instanceof vscode.FileSystemError) throw error;
      throw vscode.FileSystemError.Unavailable(`${uri.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }
  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
