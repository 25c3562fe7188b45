// What a version of a project holds.
import { canonicalJson, type Json, readJson } from "#bundles/canonical-json.ts";
import { isDataFile } from "#workspace/base-data.ts";
import { isBelow, relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";

/** The data of a project without `rms`; undefined where nothing is left. */
export function ownData(project: Project): string | undefined {
  const data = readJson(project.data.json);
  if (!("value" in data) || !(data.value instanceof Map)) return undefined;
  const own = new Map<string, Json>(data.value);
  own.delete("rms");
  return own.size > 0 ? canonicalJson(own) : undefined;
}

/** What the samples are composed of in all profiles: the files that they include, the base document, overlays. Data is in a version already. */
function composedFrom(project: Project): readonly SourceFile[] {
  const { inputs, config } = project;
  const profiles = [undefined, ...config.profiles.map(({ name }) => name)];
  const found = inputs.samples.flatMap(({ file }) =>
    profiles.flatMap((profile) => {
      if (file.kind !== "hocon" && inputs.layers(profile).length === 0) return [];
      const { sources, documents } = inputs.resolveHocon(file, profile).resolved;
      return [...sources, ...documents].map((source) => source.file);
    }),
  );
  return [...new Set(found)]
    .filter((path) => isBelow(path, project.root) && !isDataFile(path))
    .flatMap((path) => project.find(path) ?? []);
}

/** What a version holds: policies with their tests, samples with what they are composed of and expectations, and the data without `rms`, which RMS adds itself. */
export function projectFiles(project: Project): Readonly<Record<string, string>> {
  const files = new Map<string, string>();
  for (const file of project.files.values()) {
    const path = relative(project.root, file.path);
    if (file.kind === "rego") files.set(path, file.text);
  }
  for (const sample of project.inputs.samples) {
    files.set(relative(project.root, sample.file.path), sample.file.text);
    if (sample.expected !== undefined) files.set(relative(project.root, sample.expected.path), sample.expected.text);
  }
  for (const file of composedFrom(project.complete)) files.set(relative(project.root, file.path), file.text);
  const data = ownData(project);
  if (data !== undefined) files.set("data.json", data);
  return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface ChangedText {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** The files that are not the same on both sides, by name. */
export function changedTexts(
  before: ReadonlyMap<string, string>,
  after: Readonly<Record<string, string>>,
): readonly ChangedText[] {
  const paths = [...new Set([...before.keys(), ...Object.keys(after)])].sort();
  return paths.flatMap((path): readonly ChangedText[] => {
    const [old, now] = [before.get(path), after[path]];
    if (old === now) return [];
    return [{ path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) }];
  });
}
