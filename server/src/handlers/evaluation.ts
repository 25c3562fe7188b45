// Requests beyond LSP that evaluate: a query at a place for an input, and decisions that are accepted as the expected ones.
import { shownProblem } from "#features/rego/faults/shown.ts";
import type * as messages from "#protocol/messages.ts";
import { type AcceptedDecision, acceptedText, expectationPath } from "#workspace/accepted-decisions.ts";
import { relative } from "#workspace/paths.ts";
import type { Project } from "#workspace/project.ts";
import { compileQuery, queryEntrypoint } from "#workspace/query.ts";
import type { Sample } from "#workspace/samples.ts";
import { decisionOf } from "../answer-texts.ts";
import type { Asking } from "../asking.ts";
import { type Answer, type EvaluationAnswer, reasonOf } from "../evaluator.ts";
import type { ChosenInput, Inputs } from "../inputs.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { inputOf, placeOf, queryAt } from "./asked-place.ts";

export interface EvaluationRequests {
  evaluate(params: messages.EvaluateParams, cancellation?: Cancellation): Promise<messages.EvaluateResult>;
  acceptDecision(params: messages.AcceptDecisionParams): Promise<messages.AcceptDecisionResult>;
}

const evaluateTimeout = 10_000;

export function evaluationRequests(session: Session, asking: Asking, inputs: Inputs): EvaluationRequests {
  const evaluate = async (params: messages.EvaluateParams, cancellation?: Cancellation): Promise<messages.EvaluateResult> => {
    const place = await placeOf(session, params.uri);
    const { project, file } = place;
    const query = params.query ?? queryAt(session, place, params.range);
    const input = inputOf(session, inputs, place, params, query);
    const commandLine = commandLineOf(project, query, input);
    const base = { query, inputUsed: input.name ?? "no input", commandLine, prints: [], ms: 0 };
    if (input.problem !== undefined) return { ...base, error: input.problem };
    const compiled = compileQuery(project, query, file);
    if ("problem" in compiled) return { ...base, error: shownProblem(project, compiled) };
    const running = session.ports.evaluator.run({
      key: `query:${nextQuery++}`,
      module: compiled.module,
      dataKey: project.data.key,
      data: project.data.json,
      questions: [{ entrypoint: queryEntrypoint, input: input.json, mocks: project.configuration.mocks(input.profile) }],
      now: project.now(),
      timeout: evaluateTimeout,
    });
    cancellation?.onCancel(() => running.stop());
    try {
      const { answers } = await running.answer;
      return { ...base, ...resultOf(answers[0]!, compiled.expression) };
    } catch (error) {
      if (cancellation?.cancelled === true) throw new RequestError("the evaluation was cancelled", codes.requestCancelled);
      return { ...base, error: reasonOf(error, project.root) };
    }
  };

  const acceptDecision = async (params: messages.AcceptDecisionParams): Promise<messages.AcceptDecisionResult> => {
    const { uri, sample: named, path } = params;
    const place = await placeOf(session, uri);
    const { project, path: asked } = place;
    // Asked from a sample, or from its expected decisions, it is about that one.
    const own = project.inputs.samples.find(({ file, expected }) => file.path === asked || expected?.path === asked);
    const wanted = named ?? (own && session.uris.uri(own.file.path));
    const one = typeof path === "string" ? path : "";
    const { sample } = inputOf(session, inputs, place, wanted === undefined ? {} : { sample: wanted }, one);
    if (sample === undefined) return { problem: "choose a sample input first: an expected decision belongs to one" };
    const queries = acceptedQueries(project, sample, inputs.profileOf(project.root), params);
    if ("problem" in queries) return queries;
    const questions = queries.map(({ query, profile }) => ({
      path: query,
      input: project.inputs.json(sample, profile),
      profile,
    }));
    if (questions.some(({ input }) => input === undefined))
      return { problem: `${sample.name} cannot be resolved: its own problems say why` };
    const { answers } = await asking.ask(project, questions, evaluateTimeout).answer;
    const accepted = queries.map(({ query, written }, at): AcceptedDecision => {
      const decision = decisionOf(answers[at]!.answer);
      return written === undefined ? { query, decision } : { query, decision, profile: written };
    });
    const before = sample.expected?.text;
    const target = sample.expected?.path ?? expectationPath(sample.file);
    const after = acceptedText(before, accepted);
    if ("problem" in after) return { problem: `${relative(project.root, target)}: ${after.problem}` };
    return { uri: session.uris.uri(target), ...(before === undefined ? {} : { before }), after: after.text };
  };

  return { evaluate, acceptDecision };
}

let nextQuery = 1;

interface AcceptedQuery {
  readonly query: string;
  /** What the sample is resolved with. */
  readonly profile: string | undefined;
  /** What a new entry says of that. */
  readonly written: string | undefined;
}

/** What is accepted, each with the profile that its entry has, or gets. */
function acceptedQueries(
  project: Project,
  sample: Sample,
  chosen: string | undefined,
  { path, profile: named }: messages.AcceptDecisionParams,
): readonly AcceptedQuery[] | { readonly problem: string } {
  const { expectations } = project.inputs.expectationsOf(sample);
  const all = [...new Set([...expectations.map(({ query }) => query), ...project.entrypoints])];
  const queries: AcceptedQuery[] = [];
  for (const query of path === undefined ? all : [path].flat()) {
    const held = expectations.find((one) => one.query === query);
    const own = held === undefined ? chosen : (held.profile ?? chosen);
    const profile = named === undefined ? own : (named ?? undefined);
    if (held !== undefined && profile !== own) {
      const how = own === undefined ? "without a profile" : `with ${own}`;
      return { problem: `${query} is expected of ${sample.name} ${how}: a file of expected decisions has one entry for it` };
    }
    if (profile === undefined && own !== undefined)
      return { problem: `what is expected without a profile counts for ${own}, which is chosen: choose no profile first` };
    queries.push({ query, profile, written: profile === chosen ? undefined : profile });
  }
  return queries;
}

function resultOf(
  { answer, prints, ms }: EvaluationAnswer["answers"][number],
  expression: boolean,
): Pick<messages.EvaluateResult, "value" | "undefined" | "error" | "prints" | "ms"> {
  const base = { prints: prints.map((print) => print.text), ms };
  if (answer.kind === "error") return { ...base, error: answer.error.message };
  const solutions = solutionsOf(answer);
  if (solutions === undefined || solutions.length === 0) return { ...base, undefined: true };
  const values = expression ? solutions.map((solution) => solution["value"]) : solutions;
  return { ...base, value: JSON.stringify(values.length === 1 ? values[0] : values, null, 2) };
}

function solutionsOf(answer: Answer): readonly Record<string, unknown>[] | undefined {
  if (answer.kind !== "solutions") return undefined;
  const value: unknown = JSON.parse(answer.json);
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : undefined;
}

function commandLineOf(project: Project, query: string, input: ChosenInput): string {
  const quote = (text: string) => (/^[\w./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const given = input.sample === undefined ? "" : ` --input ${quote(input.sample.file.path)}`;
  return `rw eval --data ${quote(project.root)}${given} ${quote(query)}`;
}
