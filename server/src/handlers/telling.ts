// Requests beyond LSP that tell about an evaluation: its trace, where its time went, and what it reached of the policies.

import { passedMarks } from "#evaluation/mark-times.ts";
import { lookedAtOf, marksFor, recordingSteps } from "#evaluation/recording/recording.ts";
import { querySubject } from "#features/debug/subject.ts";
import { countedQuery, countedQuerySteps, type FileReach, reachOf } from "#features/query-coverage.ts";
import { profileLines, type ToldLine, traceLines } from "#features/told-evaluation.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type * as messages from "#protocol/messages.ts";
import type { EvaluationAnswer, EvaluationJob } from "../evaluator.ts";
import { reasonOf } from "../evaluator.ts";
import type { Inputs } from "../inputs.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { inTurns, turn } from "../turns.ts";
import { type AskedPlace, inputOf, placeOf, queryAt } from "./asked-place.ts";
import type { EvaluationRequests } from "./evaluation.ts";

export interface TellingRequests {
  tell(params: messages.TellParams, cancellation?: Cancellation): Promise<messages.TellResult>;
  coverage(params: messages.EvaluateParams, cancellation?: Cancellation): Promise<messages.CoverageResult>;
}

const timeout = 10_000;
/** More events are not read by anybody. */
const mostEvents = 50_000;
const mostCharacters = 50_000_000;

let nextModule = 1;

export function tellingRequests(session: Session, inputs: Inputs, evaluate: EvaluationRequests["evaluate"]): TellingRequests {
  /** What is asked, evaluated; then the same told by `about`, or nothing of a query that cannot be evaluated. */
  const told = async <T>(
    params: messages.EvaluateParams,
    cancellation: Cancellation | undefined,
    none: T,
    about: (place: AskedPlace, asked: Asked) => Promise<T>,
  ): Promise<messages.EvaluateResult & T> => {
    const result = await evaluate(params, cancellation);
    const place = await placeOf(session, params.uri);
    const { project, file } = place;
    const query = params.query ?? queryAt(session, place, params.range);
    const input = inputOf(session, inputs, place, params, query);
    if (input.problem !== undefined) return { ...result, ...none };
    const run = async (
      job: Omit<EvaluationJob, "key" | "data" | "dataKey" | "questions" | "now" | "timeout">,
      entrypoint: string,
    ) => {
      const running = session.ports.evaluator.run({
        key: `told:${nextModule++}`,
        dataKey: project.data.key,
        data: project.data.json,
        questions: [{ entrypoint, input: input.json, mocks: project.configuration.mocks(input.profile) }],
        now: project.now(),
        timeout,
        ...job,
      });
      cancellation?.onCancel(() => running.stop());
      return running.answer;
    };
    const steps = async <Made>(made: Steps<Made>): Promise<Made> => {
      const done = await inTurns(session.pace, made, turn, () => cancellation?.cancelled !== true);
      if (done === undefined) throw new RequestError("the question was withdrawn", codes.requestCancelled);
      return done.result;
    };
    try {
      return { ...result, ...(await about(place, { query, file, run, steps })) };
    } catch (error) {
      if (cancellation?.cancelled === true) throw new RequestError("the question was withdrawn", codes.requestCancelled);
      if (error instanceof RequestError) throw error;
      return { ...result, ...none, error: result.error ?? reasonOf(error, project.root) };
    }
  };

  const lineOf = ({ text, depth, path, row }: ToldLine): messages.ToldLine => ({
    text,
    depth,
    ...(path === undefined ? {} : { uri: session.uris.uri(path), line: row - 1 }),
  });

  const tell = async ({ how, ...params }: messages.TellParams, cancellation?: Cancellation): Promise<messages.TellResult> => {
    const none = { lines: [], isCut: false };
    return told(params, cancellation, none, async ({ project }, { query, file, run, steps }) => {
      const subject = await steps(querySubject(project, query, file));
      if ("problem" in subject) return none;
      const { module, runs } = subject;
      const { entrypoint } = runs[0]!;
      // Who evaluates needs no trees.
      const plain = { ...module, marks: [] };
      if (how === "profile") {
        const timed = passedMarks(module);
        const [answer] = (await run({ module: plain, timed }, entrypoint)).answers;
        return { lines: profileLines(project, subject, timed, answer?.times ?? []).map(lineOf), isCut: false };
      }
      const limits = { marks: marksFor(mostEvents), characters: mostCharacters, strictBuiltinErrors: false };
      const { answers } = await run({ module: plain, lookedAt: lookedAtOf(module), record: limits }, entrypoint);
      const { events, isCut } = await steps(recordingSteps(module, answers.map(tapedOf), Number.POSITIVE_INFINITY));
      const lines = traceLines(subject, events.slice(0, mostEvents)).map(lineOf);
      return { lines, isCut: isCut || events.length > mostEvents };
    });
  };

  const coverage = (params: messages.EvaluateParams, cancellation?: Cancellation): Promise<messages.CoverageResult> => {
    const none = { policies: [] };
    return told(params, cancellation, none, async ({ project }, { query, file, run, steps }) => {
      const counted = await steps(countedQuerySteps(project, query, file));
      if ("problem" in counted) return none;
      const counts: NonNullable<EvaluationAnswer["tally"]>["counts"][] = [];
      for (const { module } of counted.modules)
        counts.push((await run({ module, counts: true }, countedQuery)).tally?.counts ?? []);
      return { policies: reachOf(project, counted, counts).map((file) => reachedOf(session, file)) };
    });
  };

  return { tell, coverage };
}

interface Asked {
  readonly query: string;
  readonly file: AskedPlace["file"];
  run(
    job: Omit<EvaluationJob, "key" | "data" | "dataKey" | "questions" | "now" | "timeout">,
    entrypoint: string,
  ): Promise<EvaluationAnswer>;
  steps<Made>(made: Steps<Made>): Promise<Made>;
}

function tapedOf({ taped }: EvaluationAnswer["answers"][number]) {
  if (taped === undefined) throw new Error("nothing was recorded");
  return taped;
}

function reachedOf(session: Session, { path, covered, missing, excluded }: FileReach): messages.ReachedPolicy {
  const place = (range: FileReach["covered"][number]) => session.range(path, range);
  return { uri: session.uris.uri(path), covered: covered.map(place), missing: missing.map(place), excluded: excluded.map(place) };
}
