// The linter configuration that holds for what a command lints: `.regal/config.yaml` or `.regal.yaml`, else the user's own, and `lint` of `rw.conf` over it.
import { LineIndex } from "#grammars/text/lines.ts";
import { type LintConfig, mergedConfig, readLintConfig, wrongNames } from "#lint/config.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { folderOfLinterConfig, linterConfigsIn, userLinterConfig } from "#workspace/linter-config.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import { repeatedKey } from "#workspace/repeated-key.ts";
import { yamlToJson } from "#workspace/yaml-json.ts";
import type { Invocation } from "../command.ts";
import { bytesIn } from "../disk-files.ts";
import { nearestConfig, readConfigFile } from "../input.ts";
import type { Io } from "../io.ts";

export interface FoundConfig {
  readonly config: LintConfig;
  /** All of it as a JSON value. */
  readonly value: unknown;
  /** The linter's own file; undefined where there is none. */
  readonly path: string | undefined;
  /** The `rw.conf` that says something of lint rules. */
  readonly projectFile: string | undefined;
  /** What patterns of files are seen from. */
  readonly folder: string;
  /** Said on the way, and no reason to stop. */
  readonly warnings: readonly string[];
}

interface Fault {
  readonly fault: string;
}

/** What a file says, as a JSON value. */
interface Written {
  readonly value: unknown;
  readonly path: string;
  readonly folder: string;
  readonly warnings: readonly string[];
}

/** Reads what `--config-file` names, or what is found from the first path upwards. */
export function lintConfig(call: Invocation): FoundConfig | Fault {
  const { io } = call;
  const { cwd } = io;
  const named = call.flag("config-file");
  if (named !== undefined) {
    const written = readWritten(resolve(cwd, named), cwd, io);
    return "fault" in written ? written : { ...written, config: configOf(written.value), projectFile: undefined };
  }
  const first = resolve(cwd, (call.positionals[0] ?? ".").replaceAll("\\", "/"));
  const from = io.kind(first) === "folder" ? first : dirname(first);
  const found = nearest(from, io);
  if (typeof found === "object") return found;
  const ofProject = lintOfProject(from, io);
  if (ofProject !== undefined && "fault" in ofProject) return ofProject;
  const ofUser = found === undefined && ofProject === undefined ? userConfig(io) : undefined;
  const at = found ?? ofUser;
  const written = at === undefined ? undefined : readWritten(at, found === undefined ? cwd : folderOfLinterConfig(at), io);
  if (written !== undefined && "fault" in written) return written;
  const value = mergedConfig(written?.value, ofProject?.value);
  return {
    config: configOf(value),
    value,
    path: written?.path,
    projectFile: ofProject?.path,
    folder: written?.folder ?? ofProject?.folder ?? cwd,
    warnings: [...(written?.warnings ?? []), ...(ofProject?.warnings ?? [])],
  };
}

function configOf(value: unknown): LintConfig {
  return readLintConfig(value).config;
}

function nearest(folder: string, io: Io): string | Fault | undefined {
  const both = linterConfigsIn(folder).filter((path) => io.kind(path) === "file");
  if (both.length === 2) return { fault: `${folder} has both .regal/config.yaml and .regal.yaml: keep one of them` };
  if (both.length === 1 || folder === dirname(folder)) return both[0];
  return nearest(dirname(folder), io);
}

function userConfig(io: Io): string | undefined {
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const path = home === undefined ? undefined : resolve(home.replaceAll("\\", "/"), userLinterConfig);
  return path !== undefined && io.kind(path) === "file" ? path : undefined;
}

/** The key `lint` of the nearest `rw.conf`; what is wrong with other keys is no matter of lint. */
function lintOfProject(from: string, io: Io): Written | Fault | undefined {
  const path = nearestConfig(from, io);
  if (path === undefined) return undefined;
  const { config, faults } = readConfigFile(path, io);
  const fault = faults.find(({ code, message }) => code !== "rw_config_error" || /^`?lint\b/u.test(message));
  if (fault !== undefined) return { fault: `${fault.file}:${fault.row}: ${fault.message}` };
  return config.lint === undefined ? undefined : judged(config.lint, path, dirname(path), io);
}

function readWritten(path: string, folder: string, io: Io): Written | Fault {
  let unread = "";
  const bytes = bytesIn(io, path, (fault) => {
    unread = fault;
  });
  if (bytes === undefined) return { fault: `the linter configuration cannot be read: ${unread}` };
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return { value: undefined, path, folder, warnings: [`${path} is empty: the defaults hold`] };
  const json = yamlToJson(text);
  if ("fault" in json) {
    const { offset, message } = json.fault;
    return { fault: `${path}:${new LineIndex(text).rowCol(offset).row}: ${message}` };
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined)
    return { fault: `${path}:${repeated.line}: ${repeated.name} is there already, in line ${repeated.firstLine}: join the two` };
  return judged(JSON.parse(json.json), path, folder, io);
}

/** The value of a configuration, unless it says what cannot be. */
function judged(value: unknown, path: string, folder: string, io: Io): Written | Fault {
  const { config, faults } = readLintConfig(value);
  if (faults.length > 0) return { fault: faults.map(({ message }) => `${path}: ${message}`).join("\n") };
  // Names of the project's own rules are known to those rules alone.
  const hasOwnRules = io.kind(resolve(folder, ".regal/rules")) === "folder";
  const { categories, rules, vain } = wrongNames(config, lintRules);
  if (!hasOwnRules && categories.length > 0) return { fault: `${path}: unknown categories: ${categories.join(", ")}` };
  if (!hasOwnRules && rules.length > 0) return { fault: `${path}: unknown rules: ${rules.map(({ name }) => name).join(", ")}` };
  return { value, path, folder, warnings: vain.map(({ message }) => `${path}: ${message}`) };
}
