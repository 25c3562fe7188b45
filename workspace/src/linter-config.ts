// `.regal/config.yaml`, or `.regal.yaml`: what the linter's configuration says about the project and not about its rules.
import type { PolicyRoot } from "./config.ts";
import { yamlToJson } from "./yaml-json.ts";

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

/** The folder that a configuration is about. */
export function folderOfLinterConfig(path: string): string {
  const folder = path.replace(/\/\.regal(?:\/config)?\.yaml$/u, "");
  return folder === "" ? "/" : folder;
}

/** Reads the part `project`; what is not as it should be is left out, since the linter itself says so. */
export function readLinterProject(text: string): LinterProject {
  const read = yamlToJson(text);
  if ("fault" in read) return none;
  const project = record(record(JSON.parse(read.json))["project"]);
  const roots = Array.isArray(project["roots"]) ? project["roots"] : [];
  return {
    roots: roots.flatMap((root): readonly PolicyRoot[] => {
      if (typeof root === "string") return [{ path: root, regoVersion: undefined }];
      const { path, "rego-version": version } = record(root);
      return typeof path === "string" ? [{ path, regoVersion: versionOf(version) }] : [];
    }),
    regoVersion: versionOf(project["rego-version"]),
  };
}

function versionOf(value: unknown): 0 | 1 | undefined {
  return value === 0 || value === 1 ? value : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
