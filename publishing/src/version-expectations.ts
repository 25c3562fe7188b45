// Whether a published version decides its samples as is expected of them: its own policies, data, samples with what they include and
// expectations, with what of the project a version does not hold (rw.conf, the roles).
import { isDataFile } from "#workspace/base-data.ts";
import { memoryHost } from "#workspace/host.ts";
import type { Project } from "#workspace/project.ts";
import { isExpectation } from "#workspace/samples.ts";
import { openProject } from "#workspace/workspace.ts";
import { decideSamples, failedExpectations } from "./sample-decisions.ts";

/** The sentence of a failing publish; undefined where all holds. `texts` are the version's files by their paths. */
export async function whyVersionFails(
  project: Project,
  texts: ReadonlyMap<string, string>,
  now: () => bigint,
): Promise<string | undefined> {
  const samples = new Set(project.inputs.samples.map(({ file }) => file));
  const around = [...project.files.values()].filter(
    (file) => file.kind !== "rego" && !samples.has(file) && !isExpectation(file.path) && !isDataFile(file.path),
  );
  const files = Object.fromEntries([
    ...around.map(({ path, text }) => [path, text] as const),
    ...[...texts].map(([path, text]) => [`${project.root}/${path}`, text] as const),
  ]);
  const version = await openProject(memoryHost(files, now), project.root);
  return failedExpectations(version, decideSamples(version, { entrypoints: [], now, clock: () => 0 }));
}
