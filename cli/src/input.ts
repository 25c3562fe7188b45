// The input of a command: JSON, YAML or HOCON, merged and converted as flags and the nearest `rw.conf` say.
import type { Conversions } from "#analysis/hocon/convert.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { namedCapabilities } from "#workspace/capabilities-file.ts";
import { defaultConfig, type Profile, type ProjectConfig } from "#workspace/config.ts";
import { configurationOf, missingRoots } from "#workspace/configuration.ts";
import { unknownProfile } from "#workspace/expected.ts";
import { dirname, isBelow, resolve } from "#workspace/paths.ts";
import { bufferFile, diskFile, type SourceFile } from "#workspace/source-file.ts";
import type { Flag, Invocation } from "./command.ts";
import { composedDocument, type ReadOutcome, readDocument } from "./documents.ts";
import type { Io } from "./io.ts";

export const inputFlags: readonly Flag[] = [
  {
    name: "input-base",
    kind: "string",
    placeholder: "path",
    help: "document below the input, as a service merges it (default: inputs.base of rw.conf)",
  },
  { name: "input-overlay", kind: "strings", placeholder: "path", help: "document above the input (repeatable)" },
  {
    name: "input-env",
    kind: "strings",
    placeholder: "NAME=value",
    help: "variable that substitutions may fall back to (repeatable)",
  },
  {
    name: "input-set",
    kind: "list",
    placeholder: "path=value",
    help: "value of the input above all others, as HOCON writes it: user.role=boss (repeatable)",
  },
  { name: "input-profile", kind: "string", placeholder: "name", help: "profile of rw.conf: overlays, variables, properties" },
];

/** Who was told of settings from above: once is enough for many inputs. */
const told = new WeakSet<Io>();

/** Reads the input at a path. */
export function readInput(call: Invocation, path: string): ReadOutcome {
  const { io } = call;
  const { cwd } = io;
  const found = configFor(resolve(cwd, path), cwd, io);
  if ("fault" in found) return found;
  if (found.root !== cwd && isBelow(cwd, found.root) && !told.has(io)) {
    told.add(io);
    io.err(`note: ${path} is read with the settings of ${resolve(found.root, "rw.conf")}\n`);
  }
  const { config, root } = found;
  const name = call.flag("input-profile");
  const named = config.profiles.find((profile) => profile.name === name);
  if (name !== undefined && named === undefined)
    return {
      fault: unknownProfile(
        name,
        config.profiles.map((one) => one.name),
      ),
    };
  const profile: Profile = {
    name: name ?? "",
    overlays: [...(named?.overlays ?? []), ...call.all("input-overlay").map((one) => resolve(cwd, one))],
    env: { ...named?.env, ...Object.fromEntries(call.all("input-env").map(variable)) },
    properties: named?.properties ?? {},
  };
  const flag = call.flag("input-base");
  const base = flag === undefined ? config.inputs.base : resolve(cwd, flag);
  const convert: Conversions = config.inputs.convert;
  const assignments = assignmentsOf(call);
  const plain = base === undefined && profile.overlays.length === 0 && convert.size === 0 && assignments === undefined;
  if (io.kind(path) !== "file" || (plain && !/\.(?:conf|hocon)$/u.test(path))) return readDocument(path, io);
  const file = diskFile(path, io.readFile(path));
  if (file.unreadable !== undefined) return { fault: `${path}: ${file.unreadable}` };
  return composedDocument(file, io, { root, base, profile, convert, classpath: config.inputs.classpath, assignments });
}

/** The input that `--input-set` alone makes; undefined without one. */
export function assignedInput(call: Invocation): ReadOutcome | undefined {
  const assignments = assignmentsOf(call);
  if (assignments === undefined) return undefined;
  const nothing = { base: undefined, profile: undefined, convert: new Map(), classpath: [], assignments };
  return composedDocument(bufferFile("input.conf", "", 0), call.io, nothing);
}

/** Lines of HOCON. */
function assignmentsOf(call: Invocation): string | undefined {
  const given = call.all("input-set");
  return given.length === 0 ? undefined : `${given.join("\n")}\n`;
}

function variable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

type FoundConfig = { readonly config: ProjectConfig; readonly root: string } | { readonly fault: string };

/** What the `rw.conf` of a folder says. */
export function configOf(folder: string, io: Io): FoundConfig {
  return configFor(resolve(folder, "rw.conf"), folder, io);
}

function configFor(path: string, cwd: string, io: Io): FoundConfig {
  const at = nearestConfig(dirname(path), io);
  if (at === undefined) return { config: defaultConfig, root: cwd };
  const { config, faults } = readConfigFile(at, io);
  const [fault] = faults;
  return fault === undefined ? { config, root: dirname(at) } : { fault: `${fault.file}:${fault.row}: ${fault.message}` };
}

/** The `rw.conf` in a folder or nearest above it, not above the repository that the folder lies in; `known` keeps what was found for folders. */
export function nearestConfig(from: string, io: Io, known = new Map<string, string | undefined>()): string | undefined {
  if (known.has(from)) return known.get(from);
  const at = resolve(from, "rw.conf");
  const isLast = from === dirname(from) || io.kind(resolve(from, ".git")) !== undefined;
  const found = io.kind(at) === "file" ? at : isLast ? undefined : nearestConfig(dirname(from), io, known);
  known.set(from, found);
  return found;
}

export interface ConfigFault {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly code: string;
  readonly message: string;
}

/** What a `rw.conf` says, and what stops everything that asks it. */
export interface ReadConfig {
  readonly file: SourceFile;
  readonly config: ProjectConfig;
  readonly faults: readonly ConfigFault[];
}

/** Reads each `rw.conf` once, by its absolute path. */
export function configReader(io: Io): (path: string) => ReadConfig {
  const known = new Map<string, ReadConfig>();
  return (path) => {
    const read = known.get(path) ?? readConfigFile(path, io);
    known.set(path, read);
    return read;
  };
}

export function readConfigFile(path: string, io: Io): ReadConfig {
  const folder = dirname(path);
  const file = diskFile(path, io.readFile(path));
  const find = (other: string): SourceFile | undefined =>
    io.kind(other) === "file" && isBelow(io.realPath(other), io.realPath(folder))
      ? diskFile(other, io.readFile(other))
      : undefined;
  const { config, diagnostics } = configurationOf(file, { find });
  const roots = missingRoots(file, config.roots, (root) => io.kind(root) === "folder");
  const { capabilities } = config;
  const capabilityFault = namedCapabilities(capabilities, (named) => find(resolve(folder, named))).problem;
  const start = { start: 0, end: 0 };
  const wrong =
    capabilityFault === undefined ? [] : [{ file: path, range: start, code: "rw_config_error", message: capabilityFault }];
  const errors = [...diagnostics.filter(({ severity }) => severity === "error"), ...roots, ...wrong];
  const faults = errors.map(({ file: where, range, code, message }): ConfigFault => {
    const text = where === path ? file.text : (find(where)?.text ?? "");
    return { file: where, ...new LineIndex(text).rowCol(range.start), code, message };
  });
  return { file, config, faults };
}
