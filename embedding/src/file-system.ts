// The files of a program that embeds the language server: what the server may ask for, and files kept in memory.
import type { FolderEntry } from "#protocol/messages.ts";

export interface FileChange {
  readonly uri: string;
  readonly kind: "created" | "changed" | "deleted";
}

/** Files by addresses of one scheme. What cannot be read is undefined. */
export interface FileSystem {
  /** `memory` where addresses are `memory:/project/policy.rego`. */
  readonly scheme: string;
  /** The folder that is the project, unless the options name folders. */
  readonly root: string;
  readFile(uri: string): Awaitable<Uint8Array | undefined>;
  readFolder(uri: string): Awaitable<readonly FolderEntry[] | undefined>;
  /** Tells of changes from now on; the returned function ends that. */
  onChange?(listener: (changes: readonly FileChange[]) => void): () => void;
}

type Awaitable<T> = T | Promise<T>;

/** Files by their paths below the root, such as `inputs/eve.conf`. */
export interface MemoryFiles extends FileSystem {
  /** The address of a path. */
  uri(path: string): string;
  /** The path of an address; undefined for one that is not below the root. */
  path(uri: string): string | undefined;
  readonly paths: readonly string[];
  read(path: string): string | undefined;
  /** The server reads the file again, unless it is open as a document. */
  write(path: string, text: string): void;
  remove(path: string): void;
  onChange(listener: (changes: readonly FileChange[]) => void): () => void;
}

/** Files in memory, at `memory:/project`. Only the server and the program see them. */
export function memoryFiles(texts: Readonly<Record<string, string>> = {}, scheme = "memory"): MemoryFiles {
  const root = `${scheme}:/project`;
  const files = new Map(Object.entries(texts).map(([path, text]) => [normalised(path), text]));
  const listeners = new Set<(changes: readonly FileChange[]) => void>();
  const uri = (path: string): string => `${root}/${normalised(path).split("/").map(encoded).join("/")}`;
  const path = (address: string): string | undefined =>
    address.startsWith(`${root}/`) ? decoded(address.slice(root.length + 1)) : undefined;
  const tell = (at: string, kind: FileChange["kind"]): void => {
    for (const listener of listeners) listener([{ uri: uri(at), kind }]);
  };
  return {
    scheme,
    root,
    uri,
    path,
    get paths() {
      return [...files.keys()];
    },
    read: (at) => files.get(normalised(at)),
    write: (at, text) => {
      const name = normalised(at);
      const kind = files.has(name) ? "changed" : "created";
      files.set(name, text);
      tell(name, kind);
    },
    remove: (at) => {
      if (files.delete(normalised(at))) tell(at, "deleted");
    },
    readFile: (address) => {
      const text = files.get(path(address) ?? "");
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    readFolder: (address) => entriesOf([...files.keys()], address === root ? "" : path(address)),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function entriesOf(paths: readonly string[], folder: string | undefined): readonly FolderEntry[] | undefined {
  if (folder === undefined) return undefined;
  const before = folder === "" ? "" : `${folder.replace(/\/$/u, "")}/`;
  const kinds = new Map<string, FolderEntry["kind"]>();
  for (const path of paths) {
    if (!path.startsWith(before)) continue;
    const [name = "", ...below] = path.slice(before.length).split("/");
    kinds.set(name, below.length > 0 ? "folder" : "file");
  }
  return [...kinds].map(([name, kind]) => ({ name, kind }));
}

/** Without `.`, `..` and empty parts: every path is below the root. */
function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return parts.join("/");
}

/** As the server, and VS Code, write addresses. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/gu, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
