// `file:` URIs ⇄ the paths that projects use. Other schemes (untitled:, vscode-vfs:, …) stand for themselves.

/** The path of a URI: decoded, with a lower-case drive letter as `/c:/…`. */
export function pathOf(uri: string): string {
  if (!uri.startsWith("file://")) return uri;
  const rest = uri.slice("file://".length);
  const slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  let path = slash < 0 ? "/" : rest.slice(slash);
  try {
    path = decodeURIComponent(path);
  } catch {
    // A stray `%`: take it as it stands.
  }
  path = path.replace(/^\/([A-Za-z]):/u, (_, drive: string) => `/${drive.toLowerCase()}:`);
  return host === "" || host === "localhost" ? path : `//${host}${path}`;
}

/** The URI of a path, written as VS Code writes it. */
export function uriOf(path: string): string {
  if (!path.startsWith("/")) return path;
  const unc = /^\/\/([^/]+)(\/.*)$/u.exec(path);
  const encoded = (unc?.[2] ?? path)
    .split("/")
    .map((part) =>
      encodeURIComponent(part).replaceAll(/[!'()*]/gu, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join("/");
  return `file://${unc?.[1] ?? ""}${encoded}`;
}

/** Remembers how a client writes the URI of each path, so that answers use the client's own spelling. */
export class UriBook {
  readonly #seen = new Map<string, string>();

  path(uri: string): string {
    const path = pathOf(uri);
    this.#seen.set(path, uri);
    return path;
  }

  uri(path: string): string {
    return this.#seen.get(path) ?? uriOf(path);
  }

  forget(path: string): void {
    this.#seen.delete(path);
  }
}
