// HOCON files of a project: trees kept by file, and values resolved with the project's files, a profile's overlays and its simulated environment.
import { type Conversions, convertUnits } from "#analysis/hocon/convert.ts";
import { type Location, pathOfFileUrl, withoutClassPath } from "#analysis/hocon/include.ts";
import { deepNesting } from "#analysis/hocon/problems.ts";
import {
  type IncludePort,
  type ObjectValue,
  type Resolved as ResolvedHocon,
  resolveHocon,
  toJsonText,
} from "#analysis/hocon/resolve.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedHocon, parseHocon, type Syntax, syntaxOf } from "#grammars/hocon/parse.ts";
import { reparseHocon } from "#grammars/hocon/reparse.ts";
import { TokenKind } from "#grammars/hocon/tokens.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Profile } from "./config.ts";
import { readDocument } from "./documents.ts";
import { resolve } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

export interface HoconValue {
  /** Undefined when the file cannot be resolved. Written when it is first asked for. */
  readonly json: string | undefined;
  /** As far as it could be resolved, with the conversions of `rw.conf`. */
  readonly value: ObjectValue;
  /** What is wrong, in this file and those it includes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly resolved: ResolvedHocon;
}

const trees = new WeakMap<SourceFile, Map<Syntax, ParsedHocon>>();
/** Trees of earlier versions, for files whose own tree was not asked for yet. */
const earlier = new WeakMap<SourceFile, ParsedHocon>();

/** `file` came from `before` by an edit: its tree will take over what the edit left alone. */
export function keepTree(before: SourceFile, file: SourceFile): void {
  const tree = trees.get(before)?.get(syntaxOf(before.path)) ?? earlier.get(before);
  if (tree !== undefined) earlier.set(file, tree);
}

/** The tree of a HOCON file, or of another one that an include or a merge reads in some syntax. */
export function parsedHocon(file: SourceFile, syntax: Syntax = syntaxOf(file.path)): ParsedHocon {
  const known = trees.get(file) ?? new Map<Syntax, ParsedHocon>();
  trees.set(file, known);
  let tree = known.get(syntax);
  if (tree === undefined) {
    const old = earlier.get(file);
    tree = old?.syntax === syntax ? reparseHocon(old, file.text) : parseHocon(file.text, { file: file.path, syntax });
    earlier.delete(file);
    known.set(syntax, tree);
  }
  return walkable(tree);
}

/** The tree of a text that nests more deeply than the resolver takes is empty: its keys mean nothing, and the stack holds in all that walk trees. */
const walkable = oncePer((parsed: ParsedHocon): ParsedHocon => {
  const at = tooDeepAt(parsed);
  if (at === undefined) return parsed;
  const range = { start: at, end: at + 1 };
  const { code, message } = deepNesting;
  const found: Diagnostic = { file: parsed.file, range, severity: "error", code, message };
  const { start, end } = parsed.tree.body;
  return {
    ...parsed,
    tree: { ...parsed.tree, body: { kind: "object", members: [], closed: true, start, end } },
    diagnostics: [found],
    broken: true,
    firstError: { kind: "Parse", offset: at, line: parsed.text.slice(0, at).split("\n").length, message },
  };
});

/** Where the first bracket stands that is too deep. */
function tooDeepAt({ tokens: { count, kinds, starts } }: ParsedHocon): number | undefined {
  let open = 0;
  for (let at = 0; at < count; at++) {
    const kind = kinds[at];
    if (kind === TokenKind.openBrace || kind === TokenKind.openBracket) {
      open++;
      if (open > deepNesting.most) return starts[at];
    } else if (kind === TokenKind.closeBrace || kind === TokenKind.closeBracket) open = Math.max(open - 1, 0);
  }
  return undefined;
}

/** Which files can be read. */
export interface Reach {
  /** The file at a path, in this project or another one of the workspace. */
  readonly find: (path: string) => SourceFile | undefined;
  /** True for a path that nobody looks at: whether there is a file is not known. */
  readonly isOutside?: (path: string) => boolean;
}

/** What a project sees of the workspace around it. */
export interface Elsewhere extends Required<Reach> {
  /** True for a folder with files that projects read. */
  readonly holds: (folder: string) => boolean;
  /** The configuration of lint rules that the user has for all projects that have none. */
  readonly userLinterConfig: () => SourceFile | undefined;
}

export interface HoconContext extends Reach {
  readonly root: string;
  readonly profile: Profile | undefined;
  /** Variables below those of the profile. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Laid below the file: the service's own document. */
  readonly base?: SourceFile | undefined;
  readonly convert?: Conversions;
  /** Folders below the root that class path includes count from. */
  readonly classpath?: readonly string[];
}

/**
 * Resolves a file: the profile's overlays above it, the base document and the profile's properties below. `file("…")` includes count from
 * the project's root, `classpath("…")` from its class path roots.
 */
export function resolveFile(file: SourceFile, context: HoconContext): HoconValue {
  const { profile, root, base, convert } = context;
  const overlays = (profile?.overlays ?? []).flatMap((path) => context.find(resolve(root, path)) ?? []);
  const written = [...overlays].reverse().concat(file, base ?? []);
  const documents = written.map((item) => ({ parsed: parsedText(item) }));
  const properties = Object.entries(profile?.properties ?? {});
  if (properties.length > 0) {
    const text = properties.map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join("\n");
    documents.push({ parsed: parseHocon(text, { file: "properties of the profile" }) });
  }
  const [main, ...fallbacks] = documents;
  const resolved = resolveHocon(main!, {
    fallbacks,
    read: portOf(context),
    environment: new Map(Object.entries({ ...context.environment, ...profile?.env })),
  });
  const converted = convertUnits(resolved.value, convert ?? new Map());
  const parsedFaults = written.flatMap((item) => parsedText(item).diagnostics);
  const seen = new Set<string>();
  const diagnostics = [...parsedFaults, ...resolved.diagnostics, ...converted.diagnostics].filter((found) => {
    const key = `${found.file}:${found.range.start}:${found.range.end}:${found.message}`;
    return !seen.has(key) && seen.add(key);
  });
  const failed = resolved.failed || converted.diagnostics.length > 0;
  let json: string | undefined;
  return {
    get json() {
      if (!failed) json ??= toJsonText(converted.value);
      return json;
    },
    value: converted.value,
    diagnostics,
    resolved,
  };
}

/** YAML takes part as the JSON that it says. */
function parsedText(file: SourceFile): ParsedHocon {
  if (file.kind !== "yaml") return parsedHocon(file);
  const { json } = readDocument(file);
  return parseHocon(json ?? "{}", { file: file.path, syntax: "json" });
}

function portOf({ find, root, isOutside = () => false, classpath = [] }: HoconContext): IncludePort {
  return (location, request) => {
    if (location.kind === "classpath" && classpath.length === 0)
      return withoutClassPath(request, "as `inputs.classpath` in rw.conf");
    const places = placesOf(location, root, classpath);
    for (const path of places) {
      const file = find(path);
      if (file === undefined) continue;
      if (file.unreadable !== undefined) return { kind: "refused", reason: file.unreadable };
      return { kind: "parsed", parsed: parsedHocon(file, request.syntax) };
    }
    if (location.kind === "url" && !location.url.startsWith("file:"))
      return { kind: "refused", reason: "includes from the network are off" };
    if (!places.some(isOutside)) return { kind: "missing" };
    return { kind: "outside", advice: "add its folder to the workspace, or copy it into one that is there" };
  };
}

function placesOf(location: Location, root: string, classpath: readonly string[]): readonly string[] {
  switch (location.kind) {
    case "file":
      return [location.path];
    case "working":
      return [resolve(root, location.path)];
    case "classpath":
      return classpath.map((folder) => resolve(resolve(root, folder), location.path));
    case "url":
      return location.url.startsWith("file:") ? [pathOfFileUrl(location.url)] : [];
  }
}
