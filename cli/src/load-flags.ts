// The flags that every command with OPA's loading has, and what they load.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import { builtinsByName } from "#analysis/rego/builtins/index.ts";
import type { Capabilities } from "#analysis/rego/capabilities.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { type LoadedBundle, readBundle } from "./bundle-load.ts";
import { loadCapabilities, loadSchemas } from "./check-load.ts";
import type { Flag, Invocation } from "./command.ts";
import { BaseDocument } from "./data-merge.ts";
import { type ErrorItem, errorItems, parserText } from "./errors.ts";
import type { Io } from "./io.ts";
import { type Loaded, load, missingLibrary } from "./load.ts";
import { type LoadFault, type LoadOptions, untimed } from "./load-parts.ts";
import { addRoles } from "./roles-data.ts";

export const ignoreFlag: Flag = {
  name: "ignore",
  kind: "list",
  help: "set file and directory names to ignore during loading (e.g., '.*' excludes hidden files)",
};
export const v0Flag: Flag = {
  name: "v0-compatible",
  kind: "boolean",
  help: "opt-in to OPA features and behaviors prior to the OPA v1.0 release",
};
/** What OPA still takes from the time before its 1.0, and does not show. */
export const v1Flag: Flag = { name: "v1-compatible", kind: "boolean", hidden: true, help: "read policies as Rego v1" };
/** OPA called it `--rego-v1` before its 1.0 and takes that name still. */
export function bothVersionsFlag(help: string): Flag {
  return { name: "v0-v1", formerName: "rego-v1", kind: "boolean", help };
}
export const dataFlag: Flag = {
  name: "data",
  short: "d",
  kind: "strings",
  help: "set policy or data file(s). This flag can be repeated.",
};
export const bundlesFlag: Flag = {
  name: "bundle",
  short: "b",
  kind: "strings",
  help: "set bundle file(s) or directory path(s). This flag can be repeated.",
};
export const bundleFlag: Flag = {
  name: "bundle",
  short: "b",
  kind: "boolean",
  help: "load paths as bundle files or root directories",
};
export const capabilitiesFlag: Flag = {
  name: "capabilities",
  kind: "string",
  help: "set capabilities version or capabilities.json file path",
  refusal: (value, io) =>
    capabilitiesNamed(value, io) === undefined ? `no such file or capabilities version found: ${value}` : undefined,
};
export const schemaFlag: Flag = {
  name: "schema",
  short: "s",
  kind: "string",
  help: "set schema file path or directory path",
};
export const maxErrorsFlag: Flag = {
  name: "max-errors",
  short: "m",
  kind: "number",
  default: 10,
  help: "set the number of errors to allow before compilation fails early",
};

const accepted = "accepted for scripts written for OPA";

/** Flags of OPA's evaluator that change how it works but not what it decides; most leave our engine to its own ways. */
export const engineFlags: readonly Flag[] = [
  { name: "disable-early-exit", kind: "boolean", help: "disable 'early exit' optimizations" },
  { name: "disable-indexing", kind: "boolean", help: "disable indexing optimizations" },
  { name: "entrypoint", short: "e", kind: "strings", help: accepted },
  { name: "optimize", short: "O", kind: "number", help: accepted },
  { name: "optimize-store-for-read-speed", kind: "boolean", help: accepted },
  { name: "target", short: "t", kind: "string", choices: ["rego", "wasm"], default: "rego", help: accepted },
];

/** Flags of partial evaluation, which scripts may set all the same. */
export const partialFlags: readonly Flag[] = [
  { name: "disable-inlining", kind: "strings", help: accepted },
  { name: "shallow-inlining", kind: "boolean", help: accepted },
  { name: "partial", short: "p", kind: "boolean", help: "not supported: rw evaluates completely" },
  {
    name: "unknowns",
    short: "u",
    kind: "strings",
    default: "input",
    help: "accepted for scripts written for OPA: it counts with --partial alone",
  },
];

/** What was read by name, for the reading of flags and for the command behind it. */
const readCapabilities = oncePer((_: Io): Map<string, Capabilities | undefined> => new Map());

function capabilitiesNamed(name: string, io: Io): Capabilities | undefined {
  const read = readCapabilities(io);
  if (!read.has(name)) read.set(name, loadCapabilities(name, io));
  return read.get(name);
}

/** The capabilities that the flag names; undefined without it. */
export function namedCapabilities(call: Invocation): Capabilities | undefined {
  const wanted = call.has("capabilities") ? call.flag("capabilities") : undefined;
  return wanted === undefined ? undefined : capabilitiesNamed(wanted, call.io);
}

/** What the flags say about checking: the builtins that there are, schemas. */
export interface CheckFlags {
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly schemas?: ReadonlyMap<string, unknown>;
}

/** A bad schema is an error of the run. */
export type CheckFlagsOutcome = CheckFlags | { readonly fault: string };

/** The schemas of `--schema`; as in OPA an empty path names none. */
export function namedSchemas(call: Invocation): ReturnType<typeof loadSchemas> | undefined {
  const path = call.flag("schema");
  return path === undefined || path === "" ? undefined : loadSchemas(path, call.io);
}

export function checkFlags(call: Invocation): CheckFlagsOutcome {
  const capabilities = namedCapabilities(call);
  const read = call.has("schema") ? namedSchemas(call) : undefined;
  if (read !== undefined && "fault" in read) return { fault: `1 error occurred during loading: ${read.fault}` };
  return { builtins: capabilities?.builtins ?? builtinsByName(), ...(read === undefined ? {} : { schemas: read.schemas }) };
}

export function loadOptions(call: Invocation): LoadOptions {
  const language = namedCapabilities(call);
  return {
    ignore: call.all("ignore"),
    version: call.has("v0-compatible") && call.on("v0-compatible") ? "v0" : "v1",
    ...(language === undefined ? {} : { language }),
  };
}

export interface Sources {
  readonly modules: readonly ParsedModule[];
  /** Those of them that nobody named: the rms.* library. */
  readonly library: readonly ParsedModule[];
  readonly data: BaseDocument;
  /** Faults of loose files. */
  readonly faults: readonly LoadFault[];
  readonly bundles: readonly LoadedBundle[];
  /** The fault of the first broken bundle. */
  readonly bundleFault: BundleFault | undefined;
}

export interface BundleFault {
  readonly name: string;
  readonly message: string;
  /** A bundle that was loaded may be one that cannot be active beside the others. */
  readonly failed: "load" | "activation";
}

/** Loads what `--data` and `--bundle` name. */
export function loadNamed(call: Invocation, options: LoadOptions): Sources {
  const [paths, bundles] = [call.all("data"), call.all("bundle")];
  const { timed = untimed } = options;
  const loose = timed(paths.length === 0 ? undefined : "timer_rego_load_files_ns", () => load(paths, options, call.io));
  return timed(bundles.length === 0 ? undefined : "timer_rego_load_bundles_ns", () =>
    sourcesOf(loose, paths, bundles, options, call),
  );
}

/** Loads the path arguments; `--bundle` says how. */
export function loadPositionals(call: Invocation, options: LoadOptions): Sources {
  const paths = call.positionals;
  return call.on("bundle")
    ? sourcesOf({ modules: [], data: new BaseDocument(), faults: [] }, [], paths, options, call)
    : sourcesOf(load(paths, options, call.io), paths, [], options, call);
}

function sourcesOf(
  loose: Loaded,
  loosePaths: readonly string[],
  paths: readonly string[],
  options: LoadOptions,
  { io }: Invocation,
): Sources {
  const bundles: LoadedBundle[] = [];
  const modules = [...loose.modules];
  const { data } = loose;
  let bundleFault: Sources["bundleFault"];
  for (const [number, path] of (options.byNumber ? paths : [...new Set(paths)]).entries()) {
    const read = readBundle(path, options, io);
    const bundle = options.byNumber ? { ...read, name: `~${number}` } : read;
    const { name, fault } = bundle;
    if (fault !== undefined) {
      bundleFault = { name, message: options.byNumber ? faultText(fault) : bundleSentence(name, fault), failed: "load" };
      break;
    }
    bundles.push(bundle);
    modules.push(...bundle.modules);
  }
  const clash = overlap(bundles);
  if (clash !== undefined) {
    const message = options.byNumber ? clash.said : `bundle activation failed: ${clash.said}`;
    bundleFault ??= { name: clash.name, message, failed: "activation" };
  } else
    for (const bundle of bundles) {
      for (const root of bundle.roots) data.erase(root === "" ? [] : root.split("/"));
      data.addDocument(bundle.data, bundle.name);
    }
  const library = missingLibrary(modules);
  modules.push(...library);
  const faults =
    library.length > 0 && options.rolesAt !== undefined ? addRoles([...loosePaths, ...paths], data, options.rolesAt(), io) : [];
  return { modules, library, data, faults: [...loose.faults, ...faults], bundles, bundleFault };
}

/** `bundle x: …`, as every command says it. */
export function bundleSentence(name: string, fault: LoadFault): string {
  return typeof fault === "string" && fault.startsWith("error reading") ? fault : `bundle ${name}: ${faultText(fault)}`;
}

function faultText(fault: LoadFault): string {
  return typeof fault === "string" ? fault : parserText(faultItems([fault])).trimEnd();
}

/** The fault of bundles whose roots meet. */
function overlap(bundles: readonly LoadedBundle[]): { readonly name: string; readonly said: string } | undefined {
  const clash = bundles.filter((bundle, at) => bundles.some((other, i) => i !== at && meets(bundle.roots, other.roots)));
  if (clash.length === 0) return undefined;
  const listed = (names: readonly string[]): string => `[${[...names].sort().join(", ")}]`;
  const names = listed(clash.map(({ name }) => name));
  const empty = clash.filter(({ roots }) => roots.includes("")).map(({ name }) => name);
  const because = `because bundle(s) ${listed(empty)} specify empty root paths ('') which overlap with any other bundle root`;
  const said =
    empty.length > 0
      ? `bundles ${names} have overlapping roots and cannot be activated simultaneously ${because}`
      : `detected overlapping roots in manifests for these bundles: ${names} (${meetings(clash).join(", ")})`;
  return { name: clash[0]!.name, said };
}

/** Which roots meet, in words. */
function meetings(bundles: readonly LoadedBundle[]): readonly string[] {
  const found = bundles.flatMap(({ roots }, at) =>
    bundles
      .slice(at + 1)
      .flatMap((other) =>
        roots.flatMap((root) =>
          other.roots
            .filter((one) => meets([root], [one]))
            .map((one) => (one === root ? `root ${root} is in multiple bundles` : [root, one].sort().join(" overlaps "))),
        ),
      ),
  );
  return [...new Set(found)].sort();
}

function meets(a: readonly string[], b: readonly string[]): boolean {
  const below = (path: string, root: string): boolean => root === "" || path === root || path.startsWith(`${root}/`);
  return a.some((one) => b.some((other) => below(one, other) || below(other, one)));
}

/** Faults of loose files as items of a report. */
export function faultItems(faults: readonly LoadFault[]): readonly ErrorItem[] {
  return faults.flatMap((fault): readonly ErrorItem[] => {
    if (typeof fault === "string") return [{ message: fault }];
    return "diagnostics" in fault ? errorItems(fault.diagnostics, [fault]) : [fault];
  });
}
