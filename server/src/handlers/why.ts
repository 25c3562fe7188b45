// Why a rule is what it is for the input that counts for it: the text that the editor shows beside it.

import { entrypointName } from "#features/live.ts";
import { shownProblem } from "#features/rego/faults/shown.ts";
import { tracedRule } from "#features/why.ts";
import type * as messages from "#protocol/messages.ts";
import { textsOf } from "../answer-texts.ts";
import { reasonOf } from "../evaluator.ts";
import type { Inputs } from "../inputs.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { inTurns, turn } from "../turns.ts";
import { inputOf, placeOf, queryAt } from "./asked-place.ts";

const timeout = 10_000;

let nextModule = 1;

export function whyRequest(session: Session, inputs: Inputs) {
  return async (params: messages.WhyParams, cancellation?: Cancellation): Promise<messages.WhyResult> => {
    const place = await placeOf(session, params.uri);
    const { project } = place;
    const query = params.query ?? queryAt(session, place, params.range);
    const input = inputOf(session, inputs, place, params, query);
    const inputUsed = input.name ?? "no input";
    const told = (text: string): messages.WhyResult => ({ query, inputUsed, text });
    if (input.problem !== undefined) return told(input.problem);
    const cancelled = (): boolean => cancellation?.cancelled === true;
    const traced = (await inTurns(session.pace, tracedRule(project, query), turn, () => !cancelled()))?.result;
    if (traced === undefined) throw new RequestError("the question was withdrawn", codes.requestCancelled);
    if ("problem" in traced) return told(shownProblem(project, traced));
    const running = session.ports.evaluator.run({
      key: `why:${nextModule++}`,
      module: traced.module,
      lookedAt: traced.lookedAt,
      dataKey: project.data.key,
      data: project.data.json,
      questions: [{ entrypoint: entrypointName(query), input: input.json }],
      now: project.now(),
      timeout,
    });
    cancellation?.onCancel(() => running.stop());
    try {
      const { answers } = await running.answer;
      const { answer, marks } = answers[0]!;
      const head = `${query.replace(/^data\./u, "")} = ${textsOf(answer).text}`;
      if (marks === undefined) return told(`${head}\n\nthe evaluation is too long to be told`);
      return told([head, "", ...traced.why(marks)].join("\n"));
    } catch (error) {
      if (cancelled()) throw new RequestError("the question was withdrawn", codes.requestCancelled);
      return told(reasonOf(error, project.root));
    }
  };
}
