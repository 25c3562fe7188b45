// The linter configuration that holds for what a command lints: `.regal/config.yaml` or `.regal.yaml`, else the user's own.
import { LineIndex } from "#grammars/text/lines.ts";
import { type LintConfig, noLintConfig, readLintConfig, wrongNames } from "#lint/config.ts";
import { lintRules } from "#lint/rules.generated.ts";
import { dirname, resolve } from "#workspace/paths.ts";
import { repeatedKey } from "#workspace/repeated-key.ts";
import { yamlToJson } from "#workspace/yaml-json.ts";
import type { Invocation } from "../command.ts";
import { bytesIn } from "../disk-files.ts";
import type { Io } from "../io.ts";

export interface FoundConfig {
  readonly config: LintConfig;
  /** The file; undefined where there is none, and Regal's defaults hold. */
  readonly path: string | undefined;
  /** What patterns of files are seen from. */
  readonly folder: string;
  /** Said on the way, and no reason to stop. */
  readonly warnings: readonly string[];
}

/** Reads what `--config-file` names, or what is found from the first path upwards. */
export function lintConfig(call: Invocation): FoundConfig | { readonly fault: string } {
  const { io } = call;
  const cwd = io.cwd.replaceAll("\\", "/");
  const named = call.flag("config-file");
  if (named !== undefined) return readConfig(resolve(cwd, named), cwd, io);
  const first = resolve(cwd, (call.positionals[0] ?? ".").replaceAll("\\", "/"));
  const found = nearest(io.kind(first) === "folder" ? first : dirname(first), io);
  if (typeof found === "object") return found;
  if (found !== undefined) return readConfig(found, folderOf(found), io);
  const home = io.env["HOME"] ?? io.env["USERPROFILE"];
  const ofUser = home === undefined ? undefined : resolve(home.replaceAll("\\", "/"), ".config/regal/config.yaml");
  if (ofUser !== undefined && io.kind(ofUser) === "file") return readConfig(ofUser, cwd, io);
  return { config: noLintConfig, path: undefined, folder: cwd, warnings: [] };
}

function nearest(folder: string, io: Io): string | { readonly fault: string } | undefined {
  const [inFolder, alone] = [resolve(folder, ".regal/config.yaml"), resolve(folder, ".regal.yaml")];
  const both = [inFolder, alone].filter((path) => io.kind(path) === "file");
  if (both.length === 2) return { fault: `${folder} has both .regal/config.yaml and .regal.yaml: keep one of them` };
  if (both.length === 1 || folder === dirname(folder)) return both[0];
  return nearest(dirname(folder), io);
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder.endsWith("/.regal") ? dirname(folder) : folder;
}

function readConfig(path: string, folder: string, io: Io): FoundConfig | { readonly fault: string } {
  let unread = "";
  const bytes = bytesIn(io, path, (fault) => {
    unread = fault;
  });
  if (bytes === undefined) return { fault: `the linter configuration cannot be read: ${unread}` };
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return { config: noLintConfig, path, folder, warnings: [`${path} is empty: the defaults hold`] };
  const json = yamlToJson(text);
  if ("fault" in json) {
    const { offset, message } = json.fault;
    return { fault: `${path}:${new LineIndex(text).rowCol(offset).row}: ${message}` };
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined)
    return { fault: `${path}:${repeated.line}: ${repeated.name} is there already, in line ${repeated.firstLine}: join the two` };
  const { config, faults } = readLintConfig(JSON.parse(json.json));
  if (faults.length > 0) return { fault: faults.map((fault) => `${path}: ${fault}`).join("\n") };
  // Names of the project's own rules are known to those rules alone.
  const hasOwnRules = io.kind(resolve(folder, ".regal/rules")) === "folder";
  const wrong = wrongNames(config, lintRules);
  if (!hasOwnRules && wrong.categories.length > 0)
    return { fault: `${path}: unknown categories: ${wrong.categories.join(", ")}` };
  if (!hasOwnRules && wrong.rules.length > 0) return { fault: `${path}: unknown rules: ${wrong.rules.join(", ")}` };
  const warnings = wrong.vain.map(({ why }) => `${path}: ${why}`);
  return {
    config,
    path,
    folder,
    warnings: hasOwnRules ? [...warnings, `${folder}/.regal/rules: rules in Rego are not run`] : warnings,
  };
}
