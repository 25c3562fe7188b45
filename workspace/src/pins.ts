// Inputs that `rw.conf` pins to rules: what such a rule is asked with, whatever input is chosen for the rest.
import { basename, resolve } from "./paths.ts";
import type { Project } from "./project.ts";
import type { Sample } from "./samples.ts";

/** The input that is pinned to a rule, `data.storage.allow`, or to a package that it is in. */
export function pinnedSample(project: Project, rule: string): Sample | undefined {
  const { pins } = project.config.inputs;
  const parts = rule.split(".");
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join("."));
  const path = prefixes.map((prefix) => pins.get(prefix)).find((found) => found !== undefined);
  const file = path === undefined ? undefined : project.find(resolve(project.configFolder, path));
  if (file === undefined) return undefined;
  return (
    project.inputs.samples.find((one) => one.file.path === file.path) ?? { name: basename(file.path), file, expected: undefined }
  );
}
