// What `rw.conf` says and nothing reads: misspelt keys, and decisions that no policy defines.
import { unknownConfigKeys } from "#features/config-keys.ts";
import { unknownDecisions } from "#features/decision-mentions.ts";
import { resolve } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { faultLine } from "#workspace/stopping-faults.ts";

/** `rw.conf:3: what is misspelt`. */
export function configWarnings(project: Project): readonly string[] {
  const file = project.find(resolve(project.configFolder, "rw.conf"));
  if (file === undefined) return [];
  const keys = unknownConfigKeys(file).filter(({ severity }) => severity === "warning");
  return [...keys, ...unknownDecisions(project)].map((found) => faultLine(project, found));
}
