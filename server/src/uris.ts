// URIs ⇄ the paths that projects use. Schemes that are no file system (untitled:, …) stand for themselves.

/** No file system but the disk. */
const onlyDisk: ReadonlySet<string> = new Set();

/**
 * The path of a URI: decoded, with a lower-case drive letter as `/c:/…`. In one of the further file systems `vscode-vfs://github/a/b.rego` is
 * `/vscode-vfs:github/a/b.rego`.
 */
export function pathOf(uri: string, fileSystems = onlyDisk): string {
  if (!uri.startsWith("file://")) {
    const {
      scheme = "",
      authority = "",
      path = "",
    } = /^(?<scheme>[a-z][\w+.-]+):(?:\/\/(?<authority>[^/?#]*))?(?<path>(?:\/[^?#]*)?)$/iu.exec(uri)?.groups ?? {};
    return fileSystems.has(scheme) ? `/${scheme}:${authority}${decoded(path)}` : uri;
  }
  const rest = uri.slice("file://".length);
  const slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const path = decoded(slash < 0 ? "/" : rest.slice(slash)).replace(
    /^\/([A-Za-z]):/u,
    (_, drive: string) => `/${drive.toLowerCase()}:`,
  );
  return host === "" || host === "localhost" ? path : `//${host}${path}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray `%`: take it as it stands.
    return path;
  }
}

/** The URI of a path, written as VS Code writes it. */
export function uriOf(path: string, fileSystems = onlyDisk): string {
  if (!path.startsWith("/")) return path;
  const scheme = schemeOf(path, fileSystems);
  if (scheme !== "file") {
    const [, authority = "", rest = ""] = /^\/[^:]+:([^/]*)(.*)$/su.exec(path) ?? [];
    return `${scheme}:${authority === "" ? "" : `//${authority}`}${rest === "" ? "/" : encoded(rest)}`;
  }
  const unc = /^\/\/([^/]+)(\/.*)$/u.exec(path);
  return `file://${unc?.[1] ?? ""}${encoded(unc?.[2] ?? path)}`;
}

function encoded(path: string): string {
  return path
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replaceAll(/[!'()*]/gu, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/");
}

/** The scheme of the file system that a path leads into. */
function schemeOf(path: string, fileSystems: ReadonlySet<string>): string {
  const [, scheme = ""] = /^\/([a-z][\w+.-]+):/iu.exec(path) ?? [];
  return fileSystems.has(scheme) ? scheme : "file";
}

/** Remembers how a client writes the URI of each path, so that answers use the client's own spelling. */
export class UriBook {
  readonly #seen = new Map<string, string>();
  /** Schemes of file systems whose files the client reads for us; `file` where we see no disk ourselves. */
  fileSystems: ReadonlySet<string> = onlyDisk;

  path(uri: string): string {
    const path = pathOf(uri, this.fileSystems);
    this.#seen.set(path, uri);
    return path;
  }

  /** The path of a URI that may be spelled otherwise than the client spells its documents. */
  pathOf(uri: string): string {
    return pathOf(uri, this.fileSystems);
  }

  uri(path: string): string {
    return this.#seen.get(path) ?? uriOf(path, this.fileSystems);
  }

  forget(path: string): void {
    this.#seen.delete(path);
  }

  /** The first part of a path, where it names a file system of the client: `/vscode-vfs:github`. */
  fileSystemOf(path: string): string {
    const [first = ""] = /^\/[^/]*/u.exec(path) ?? [];
    return schemeOf(path, this.fileSystems) === "file" ? "" : first;
  }

  /** True for a file that only the client can read. */
  isOfClient(path: string): boolean {
    return path.startsWith("/") && this.fileSystems.has(schemeOf(path, this.fileSystems));
  }
}
