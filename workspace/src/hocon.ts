// HOCON files of a project: trees kept by file, and values resolved with the project's files, a profile's overlays and its simulated environment.
import { type IncludePort, type Resolved as ResolvedHocon, resolveHocon, toJsonText } from "#analysis/hocon/resolve.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { type ParsedHocon, parseHocon } from "#grammars/hocon/parse.ts";
import type { Profile } from "./config.ts";
import { resolve } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";

export interface HoconValue {
  /** Undefined when the file cannot be resolved. */
  readonly json: string | undefined;
  /** What is wrong, in this file and those it includes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly resolved: ResolvedHocon;
}

const trees = new WeakMap<SourceFile, ParsedHocon>();

/** The tree of a HOCON file. */
export function parsedHocon(file: SourceFile): ParsedHocon {
  let tree = trees.get(file);
  if (tree === undefined) {
    tree = parseHocon(file.text, { file: file.path });
    trees.set(file, tree);
  }
  return tree;
}

export interface HoconContext {
  readonly root: string;
  /** The file at a path, in this project or another one of the workspace. */
  readonly find: (path: string) => SourceFile | undefined;
  readonly profile: Profile | undefined;
}

/** Resolves a file. `file("…")` includes count from the project's root, `classpath("…")` from its folders `conf` and `resources`. */
export function resolveFile(file: SourceFile, context: HoconContext): HoconValue {
  const { profile, root } = context;
  const overlays = (profile?.overlays ?? []).flatMap((path) => context.find(resolve(root, path)) ?? []);
  const documents = [...overlays]
    .reverse()
    .concat(file)
    .map((item) => ({ parsed: parsedHocon(item) }));
  const properties = Object.entries(profile?.properties ?? {});
  if (properties.length > 0) {
    const text = properties.map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join("\n");
    documents.push({ parsed: parseHocon(text, { file: "properties of the profile" }) });
  }
  const [main, ...fallbacks] = documents;
  const resolved = resolveHocon(main!, {
    fallbacks,
    read: portOf(context),
    environment: new Map(Object.entries(profile?.env ?? {})),
  });
  const parsedFaults = overlays.concat(file).flatMap((item) => parsedHocon(item).diagnostics);
  const seen = new Set<string>();
  const diagnostics = [...parsedFaults, ...resolved.diagnostics].filter((found) => {
    const key = `${found.file}:${found.range.start}:${found.range.end}:${found.message}`;
    return !seen.has(key) && seen.add(key);
  });
  return { json: resolved.failure === undefined ? toJsonText(resolved.value) : undefined, diagnostics, resolved };
}

function portOf({ find, root }: HoconContext): IncludePort {
  const read = (path: string): SourceFile | undefined => find(path);
  return (location) => {
    switch (location.kind) {
      case "file": {
        const file = read(location.path);
        return file === undefined ? { kind: "missing" } : { kind: "parsed", parsed: parsedHocon(file) };
      }
      case "working": {
        const file = read(resolve(root, location.path));
        return file === undefined ? { kind: "missing" } : { kind: "parsed", parsed: parsedHocon(file) };
      }
      case "classpath": {
        for (const folder of ["", "conf", "resources", "src/main/resources"]) {
          const file = read(resolve(root, folder === "" ? location.path : `${folder}/${location.path}`));
          if (file !== undefined) return { kind: "parsed", parsed: parsedHocon(file) };
        }
        return { kind: "missing" };
      }
      case "url":
        return { kind: "refused", reason: "includes from the network are off" };
    }
  };
}
