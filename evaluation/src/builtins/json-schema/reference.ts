// Addresses in schemas: `$id` and `$ref` resolved as Go's net/url resolves references, and JSON pointers.

import { parseUri } from "#grammars/text/go-url.ts";
import { RegoObject, type Value } from "../../value.ts";
import { failure } from "../builtin.ts";

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

/** What a JSON pointer, written as a fragment, points at; a fragment that is no pointer means the whole document. */
export function pointedAt(document: Value, fragment: string): Value {
  const parsed = parseUri(`#${fragment}`);
  const pointer = "value" in parsed ? parsed.value.fragment : fragment;
  if (!pointer.startsWith("/")) return document;
  let node = document;
  for (const token of pointer.slice(1).split("/")) {
    if (node instanceof RegoObject) {
      const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
      const next = node.get(key);
      if (next === undefined) throw failure(`Object has no key '${key}'`);
      node = next;
    } else if (Array.isArray(node)) {
      const items = node as readonly Value[];
      if (!/^[+-]?[0-9]+$/u.test(token)) throw failure(`Invalid array index '${token}'`);
      const index = Number(token);
      if (index < 0 || index >= items.length) throw failure(`Out of bound array[0,${items.length}] index '${index}'`);
      node = items[index]!;
    } else throw failure(`Invalid token reference '${token}'`);
  }
  return node;
}
