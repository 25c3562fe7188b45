// Includes: which files a statement stands for. Reading them is the caller's business, through a port.
import type { ParsedHocon, Syntax } from "#grammars/hocon/parse.ts";

/** A place to read from. Paths have `/` between names. */
export type Location =
  | { readonly kind: "file"; readonly path: string }
  /** `file("relative")`: relative to the working directory of the process, wherever the including file is. */
  | { readonly kind: "working"; readonly path: string }
  | { readonly kind: "classpath"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

export type ReadResult =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "parsed"; readonly parsed: ParsedHocon }
  | { readonly kind: "missing" }
  /** The port will not read there; `reason` completes "this include is refused: …". */
  | { readonly kind: "refused"; readonly reason: string }
  /** The port does not look there: refused, unless a candidate of less weight is found. */
  | { readonly kind: "outside"; readonly advice: string }
  /** Not loaded yet: the caller asks again once it is. */
  | { readonly kind: "pending" };

export interface IncludeRequest {
  readonly syntax: Syntax;
  /** The name under which origins and diagnostics show the file. */
  readonly name: string;
  /** How the statement was written: a heuristic one tries the class path last, another says that it means it. */
  readonly form: IncludeForm;
  /** How many documents the statement lies within, from 1. */
  readonly depth: number;
}

/** Reads files for includes. */
export type IncludePort = (location: Location, request: IncludeRequest) => ReadResult;

/** Why a file is refused that no port of this project would read. */
export const outsideFolders = "the file is outside the folders that includes may read";

/** What a port without class path roots answers to a location on the class path; `how` says where roots are named. */
export function withoutClassPath({ form }: IncludeRequest, how: string): ReadResult {
  if (form !== "classpath") return { kind: "missing" };
  return { kind: "refused", reason: `no folder is a class path root here: name one ${how}` };
}

/** One file that an include statement may mean. */
export interface Candidate {
  readonly location: Location;
  readonly syntax: Syntax;
}

const EXTENSIONS = ["conf", "json", "properties"] as const;
const URL_SCHEME = /^(?:https?|file|jar|ftp):/;

export type IncludeForm = "heuristic" | "file" | "url" | "classpath";

/**
 * The files to try, in order of weight: all that exist are merged, earlier ones over later ones. Each entry is a list of which the first
 * existing one counts (the neighbour, then the class path).
 */
export function includeCandidates(form: IncludeForm, name: string, from: Location): readonly (readonly Candidate[])[] {
  if (form === "url") return isUrl(name) ? [[urlCandidate(name)]] : [];
  if (form === "heuristic" && isUrl(name)) return [[urlCandidate(name)]];
  const explicit = EXTENSIONS.find((extension) => name.endsWith(`.${extension}`));
  const names = explicit === undefined ? EXTENSIONS.map((extension) => `${name}.${extension}`) : [name];
  return names.map((candidate) => {
    const own = syntaxOfName(candidate);
    // Named with its extension, a neighbour is read in the syntax of the file that includes it.
    const syntax = form === "heuristic" && explicit !== undefined ? "conf" : own;
    return locations(form, candidate, from).map((location) => ({ location, syntax }));
  });
}

/** True for a name that can only be an absolute URL. */
export function isUrl(name: string): boolean {
  return URL_SCHEME.test(name);
}

function urlCandidate(url: string): Candidate {
  return { location: { kind: "url", url }, syntax: syntaxOfName(url) };
}

function syntaxOfName(name: string): Syntax {
  if (name.endsWith(".json")) return "json";
  return name.endsWith(".properties") ? "properties" : "conf";
}

function locations(form: "heuristic" | "file" | "classpath", name: string, from: Location): Location[] {
  if (form === "classpath") return [{ kind: "classpath", path: normalizePath(name.replace(/^\//, "")) }];
  if (form === "file") return [name.startsWith("/") ? { kind: "file", path: name } : { kind: "working", path: name }];
  const neighbour = neighbourOf(from, name);
  const root: Location = { kind: "classpath", path: normalizePath(name.replace(/^\//, "")) };
  return neighbour === undefined ? [root] : [neighbour, root];
}

/** The file of a relative name beside another one. */
export function neighbourOf(from: Location, name: string): Location | undefined {
  switch (from.kind) {
    case "url": {
      const slash = from.url.lastIndexOf("/");
      return { kind: "url", url: from.url.slice(0, slash + 1) + name };
    }
    case "classpath":
      return { kind: "classpath", path: name.startsWith("/") ? normalizePath(name.slice(1)) : joinPath(from.path, name) };
    case "file":
    case "working":
      return name.startsWith("/")
        ? { kind: "file", path: normalizePath(name) }
        : { kind: from.kind, path: joinPath(from.path, name) };
  }
}

function joinPath(file: string, name: string): string {
  return normalizePath(file.slice(0, file.lastIndexOf("/") + 1) + name);
}

/** Removes `.` and `..` where that is possible without knowing the file system. */
export function normalizePath(path: string): string {
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (part !== ".." || !absolute) out.push(part);
  }
  return (absolute ? "/" : "") + out.join("/");
}

/** How a location is shown, and compared to find cycles. */
export function locationName(location: Location): string {
  switch (location.kind) {
    case "file":
    case "working":
      return location.path;
    case "classpath":
      return `classpath:${location.path}`;
    case "url":
      return location.url.startsWith("file:") ? pathOfFileUrl(location.url) : location.url;
  }
}

/** The path that a `file:` address names. */
export function pathOfFileUrl(url: string): string {
  const path = url.replace(/^file:(?:\/\/(?=\/))?/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
