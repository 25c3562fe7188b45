// Requests beyond LSP that evaluate: a query at a place for an input, and decisions that are accepted as the expected ones.
import { shownProblem } from "#features/rego/faults/shown.ts";
import type * as messages from "#protocol/messages.ts";
import { type Decision, writeExpectations } from "#workspace/expected.ts";
import type { Project } from "#workspace/project.ts";
import { compileQuery, queryEntrypoint } from "#workspace/query.ts";
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
      questions: [{ entrypoint: queryEntrypoint, input: input.json }],
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

  const acceptDecision = async ({ uri, sample, path }: messages.AcceptDecisionParams): Promise<messages.AcceptDecisionResult> => {
    const place = await placeOf(session, uri);
    const { project, path: asked } = place;
    // Asked from a sample, or from its expected decisions, it is about that one.
    const own = project.inputs.samples.find(({ file, expected }) => file.path === asked || expected?.path === asked);
    const wanted = sample ?? (own && session.uris.uri(own.file.path));
    const input = inputOf(session, inputs, place, wanted === undefined ? {} : { sample: wanted }, path ?? "");
    if (input.sample === undefined) return { problem: "choose a sample input first: an expected decision belongs to one" };
    const stem = input.sample.file.path.replace(/\.\w+$/u, "");
    const target = input.sample.expected?.path ?? `${stem}.expected.json`;
    const before = input.sample.expected?.text;
    const held = project.inputs.expectationsOf(input.sample).expectations.map((item) => item.query);
    const queries = path !== undefined ? [path] : [...new Set([...held, ...project.entrypoints])];
    const { answers } = await asking.ask(
      project,
      queries.map((query) => ({ path: query, input: input.json })),
      evaluateTimeout,
    ).answer;
    const decisions = new Map<string, Decision>(queries.map((query, at) => [query, decisionOf(answers[at]!.answer)]));
    return {
      uri: session.uris.uri(target),
      ...(before === undefined ? {} : { before }),
      after: writeExpectations(before, decisions),
    };
  };

  return { evaluate, acceptDecision };
}

let nextQuery = 1;

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
