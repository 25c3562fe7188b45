// Addresses in JSON schemas: `$id` and `$ref` resolved as Go's net/url resolves references.
import { parseUri } from "#grammars/text/go-url.ts";

interface Parts {
  readonly scheme: string;
  /** With its slashes; undefined when there is none. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

function parts(text: string): Parts {
  const found = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(?:#(.*))?$/su.exec(text)!;
  return {
    scheme: found[1]?.toLowerCase() ?? "",
    authority: found[2],
    path: found[3] ?? "",
    query: found[4] ?? "",
    fragment: found[5] ?? "",
  };
}

function write({ scheme, authority, path, query, fragment }: Parts): string {
  const start = scheme === "" ? "" : `${scheme}:`;
  return `${start}${authority ?? ""}${path}${query}${fragment === "" ? "" : `#${fragment}`}`;
}

/** Why a text is no address; undefined when it is one. */
export function addressFault(text: string): string | undefined {
  const parsed = parseUri(text);
  return "fault" in parsed ? parsed.fault : undefined;
}

/** The address in its usual spelling, without an empty fragment. */
export function normalAddress(text: string): string {
  return write(parts(text));
}

export function resolveAddress(base: string, reference: string): string {
  const from = parts(base);
  const to = parts(reference);
  if (to.scheme !== "") return write({ ...to, path: to.path === "" ? "" : withoutDots(to.path, to.authority === undefined) });
  if (to.authority !== undefined) return write({ ...to, scheme: from.scheme, path: withoutDots(to.path, false) });
  const path = to.path === "" ? from.path : to.path.startsWith("/") ? to.path : from.path.replace(/[^/]*$/u, "") + to.path;
  const query = to.path === "" && to.query === "" ? from.query : to.query;
  return write({ ...from, path: withoutDots(path, opaque(from)), query, fragment: to.fragment });
}

function opaque({ scheme, authority, path }: Parts): boolean {
  return scheme !== "" && authority === undefined && !path.startsWith("/");
}

function withoutDots(path: string, plain: boolean): string {
  if (path === "" || plain) return path;
  const out: string[] = [];
  const segments = path.split("/");
  for (const segment of segments) {
    if (segment === "..") out.pop();
    else if (segment !== ".") out.push(segment);
  }
  const last = segments.at(-1);
  if (last === "." || last === "..") out.push("");
  return `/${out.join("/").replace(/^\/+/u, "")}`;
}

export function splitFragment(address: string): readonly [string, string] {
  const { fragment, ...rest } = parts(address);
  return [write({ ...rest, fragment: "" }), fragment];
}

/** Whether a document could be loaded from there: a whole address with a host, or a file. */
export function isCanonical(address: string): boolean {
  const { scheme, authority, path } = parts(address);
  if (scheme === "file") return path.startsWith("/");
  return scheme !== "" && authority !== undefined && authority.length > 2;
}
