// What is left of a query while documents are not known: as Rego, with the rules that stay rules.
import { askedQuery } from "#evaluation/partial/asked-query.ts";
import { partialEvaluation } from "#evaluation/partial/partial.ts";
import { documentPath, documentPaths } from "#evaluation/partial/paths.ts";
import { bodyLines, moduleText } from "#evaluation/partial/residual-text.ts";
import type { Project } from "#workspace/project.ts";
import type { SourceFile } from "#workspace/source-file.ts";
import { dependenciesOf } from "./dependencies/dependencies.ts";
import { namesOf } from "./rego/project-names.ts";

export interface PartialQuestion {
  readonly query: string;
  /** In whose package, and with whose imports, it is asked. */
  readonly file: SourceFile | undefined;
  /** `input`, `input.user`, `data.roles`. */
  readonly unknowns: readonly string[];
  /** JSON text of what of the input is known. */
  readonly input: string | undefined;
  readonly now: bigint;
  /** Asked now and then: true ends it. */
  readonly cancelled: () => boolean;
}

export type PartialAnswer = { readonly text: string } | { readonly problem: string };

export function partialAnswer(project: Project, question: PartialQuestion): PartialAnswer {
  const { failure } = project.compilation;
  if (failure !== undefined) return { problem: "problem" in failure ? failure.problem : "the policies have errors" };
  const { query: text, file, input, now, cancelled } = question;
  const unknowns = documentPaths(question.unknowns);
  if ("fault" in unknowns) return { problem: unknowns.fault };
  const module = file === undefined ? undefined : project.parsed(file).module;
  const around = module?.package === undefined ? {} : { package: module.package, imports: module.imports };
  const asked = askedQuery(project.checked, text, around);
  if ("fault" in asked) return { problem: asked.fault.message };
  const found = partialEvaluation(project.checked, {
    query: asked.query,
    unknowns,
    data: project.data.json,
    input,
    instance: { now: () => now },
    evaluate: { now, cancelled },
  });
  if (found.kind === "error") return { problem: found.error.message };
  const { queries, support } = found;
  if (queries.length === 0) return { text: "# undefined: it never holds, whatever the unknown documents are\n" };
  if (queries.some((body) => body.length === 0)) return { text: "# true: it always holds, whatever the unknown documents are\n" };
  const parts = [
    ...queries.map((body, at) => `# Query ${at + 1}\n${bodyLines(body).join("\n")}\n`),
    ...support.map((one, at) => `# Module ${at + 1}\n${moduleText(one)}`),
  ];
  return { text: parts.join("\n") };
}

/** What may be unknown to a rule: the input and the data that it reads, itself and through other rules. */
export function possibleUnknowns(project: Project, query: string): readonly string[] {
  const path = /^data(?:\.\w+)+/u.exec(query)?.[0];
  const asked = path !== undefined && namesOf(project).rule(path).length > 0 ? [path] : project.entrypoints;
  const { decisions } = dependenciesOf(project, asked);
  const read = decisions.flatMap(({ input, data }) => [...input, ...data].map((use) => use.path));
  return ["input", ...[...new Set(read)].filter((one) => one !== "input" && documentPath(one) !== undefined).sort()];
}
