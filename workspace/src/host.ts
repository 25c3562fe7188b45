// All the outside world that a project needs. Hosts: the language server (disk below open buffers), the CLI (disk), tests (a map).

/** The port through which projects read. Paths are absolute and use `/`; any other URI stands for itself. */
export interface Host {
  /** The bytes of a file; undefined when there is none or it cannot be read. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Every file below a folder, in any order. Links are not followed twice; `.git` and `node_modules` are left out. */
  list(root: string): Promise<readonly string[]>;
  /** Nanoseconds since 1970. */
  now(): bigint;
  /** The user's folder, where there is one. */
  readonly home?: string | undefined;
}

/** A host over a map of texts, for tests and for workspaces that live in memory. */
export function memoryHost(
  files: Readonly<Record<string, string | Uint8Array>>,
  now: () => bigint = () => 0n,
  home?: string,
): Host {
  const encoder = new TextEncoder();
  return {
    readFile: async (path) => {
      const content = files[path];
      return typeof content === "string" ? encoder.encode(content) : content;
    },
    list: async (root) => Object.keys(files).filter((path) => path.startsWith(root.endsWith("/") ? root : `${root}/`)),
    now,
    home,
  };
}
