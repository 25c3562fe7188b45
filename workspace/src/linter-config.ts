// `.regal/config.yaml`, or `.regal.yaml`: its value, where it stands, and what it says about the project and not about its rules.
import { oncePer } from "#grammars/once-per.ts";
import type { PolicyRoot } from "./config.ts";
import { membersOf } from "./json-record.ts";
import { dirname, resolve } from "./paths.ts";
import type { SourceFile } from "./source-file.ts";
import { type YamlFault, yamlToJson } from "./yaml-json.ts";

export interface LinterProject {
  readonly roots: readonly PolicyRoot[];
  /** `project.rego-version`: the dialect of all files that no root names. */
  readonly regoVersion: 0 | 1 | undefined;
}

const none: LinterProject = { roots: [], regoVersion: undefined };

/** True for the two places of the configuration, both looked for from a folder upwards. */
export function isLinterConfig(path: string): boolean {
  return path.endsWith("/.regal/config.yaml") || path.endsWith("/.regal.yaml");
}

/** Where a folder may have one. */
export function linterConfigsIn(folder: string): readonly [string, string] {
  return [resolve(folder, ".regal/config.yaml"), resolve(folder, ".regal.yaml")];
}

/** The configuration of a folder, or the nearest one above it. */
export function nearestLinterConfig(from: string, find: (path: string) => SourceFile | undefined): SourceFile | undefined {
  if (!from.startsWith("/")) return undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    const [inFolder, alone] = linterConfigsIn(folder);
    const file = find(inFolder) ?? find(alone);
    if (file !== undefined || folder === dirname(folder)) return file;
  }
}

/** Where the user has one for all projects without one, seen from the user's folder. */
export const userLinterConfig = ".config/regal/config.yaml";

/** The folder of rules in Rego that a path lies in: its own policies, asked with a library that others do not have. */
export function rulesFolderOf(path: string): string | undefined {
  return /^(.*\/\.regal\/rules)(?:\/|$)/u.exec(path)?.[1];
}

/** The folder that a configuration is about. */
export function folderOfLinterConfig(path: string): string {
  const folder = path.replace(/\/\.regal(?:\/config)?\.yaml$/u, "");
  return folder === "" ? "/" : folder;
}

/** The value of a configuration: undefined of an empty file. */
export const readLinterConfig = oncePer(({ text }: SourceFile): { readonly value: unknown } | { readonly fault: YamlFault } => {
  if (text.trim() === "") return { value: undefined };
  const read = yamlToJson(text);
  return "fault" in read ? read : { value: JSON.parse(read.json) };
});

/** The part `project`; what is not as it should be is left out, since the linter itself says so. */
export function linterProject(file: SourceFile): LinterProject {
  const read = readLinterConfig(file);
  if ("fault" in read) return none;
  const project = membersOf(membersOf(read.value)["project"]);
  const roots = Array.isArray(project["roots"]) ? project["roots"] : [];
  return {
    roots: roots.flatMap((root): readonly PolicyRoot[] => {
      if (typeof root === "string") return [{ path: root, regoVersion: undefined }];
      const { path, "rego-version": version } = membersOf(root);
      return typeof path === "string" ? [{ path, regoVersion: versionOf(version) }] : [];
    }),
    regoVersion: versionOf(project["rego-version"]),
  };
}

function versionOf(value: unknown): 0 | 1 | undefined {
  return value === 0 || value === 1 ? value : undefined;
}
