// What a request beyond LSP is about: the project of its document, the rule that stands there, the input that counts for it.
import { namesOf } from "#features/rego/project-names.ts";
import type * as messages from "#protocol/messages.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { type ChosenInput, type Inputs, resolvedSample } from "../inputs.ts";
import type { Session } from "../session.ts";

export interface AskedPlace {
  readonly project: Project;
  readonly path: string;
  readonly file: SourceFile | undefined;
}

export async function placeOf(session: Session, uri: string): Promise<AskedPlace> {
  const path = session.uris.path(uri);
  const project = await session.projectOf(path);
  return { project, path, file: session.workspace.file(path) };
}

/** The path of the rule at a range, else that of the package. */
export function queryAt(session: Session, { project, file }: AskedPlace, range: messages.Range | undefined): string {
  if (file === undefined) return "data";
  const names = namesOf(project).names(file);
  if (range === undefined) return names.package.join(".");
  const offset = session.lines(file).offsetAt(range.start);
  const rule = names.rules.find(
    (found) => found.rule.start <= offset && offset <= found.rule.end && found.rule.head.args === undefined,
  );
  return (rule?.path ?? names.package).join(".");
}

/** The input that a request names, else the one that counts for the query. */
export function inputOf(
  session: Session,
  inputs: Inputs,
  { project, path }: AskedPlace,
  params: Pick<messages.EvaluateParams, "input" | "sample" | "profile">,
  query: string,
): ChosenInput {
  const profile = params.profile === undefined ? inputs.profileOf(project.root) : (params.profile ?? undefined);
  if (params.input !== undefined)
    return { name: "given input", sample: undefined, json: params.input, problem: undefined, profile };
  if (params.sample === undefined) return inputs.ofRule(project, path, query);
  const wanted = session.uris.path(params.sample);
  const sample = project.inputs.samples.find(({ file, expected }) => file.path === wanted || expected?.path === wanted);
  if (sample === undefined)
    return { name: wanted, sample: undefined, json: undefined, problem: `${wanted} is no sample of this project`, profile };
  return resolvedSample(project, sample, profile);
}
