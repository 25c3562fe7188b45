// What would make a rule true: inputs are tried in the worker, a few at a time, and a proposal is applied to its sample where that decides so.
import { type Change, pathText, valueAt } from "#features/what-if/change.ts";
import { sampleEdits } from "#features/what-if/sample-edit.ts";
import { makesTrue, searchFor } from "#features/what-if/what-if.ts";
import { type Member, memberOf, withMember } from "#features/why-member.ts";
import type * as messages from "#protocol/messages.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import type { Asking } from "../asking.ts";
import { EvaluationTimeout, type Running } from "../evaluator.ts";
import type { ChosenInput, Inputs } from "../inputs.ts";
import { KnownAnswers } from "../known-answers.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { inTurns, turn } from "../turns.ts";
import { workspaceEdit } from "../workspace-edit.ts";
import { inputOf, placeOf, queryAt } from "./asked-place.ts";

/** Milliseconds that a search may take, and one lot of inputs. */
const patience = 3000;
const lotPatience = 1500;

export interface WhatIfRequests {
  whatIf(params: messages.WhyParams, cancellation?: Cancellation): Promise<messages.WhatIfResult>;
  applyWhatIf(params: messages.ApplyWhatIfParams): Promise<messages.ApplyWhatIfResult>;
}

interface Question {
  readonly project: Project;
  readonly query: string;
  readonly input: ChosenInput;
  readonly member: Member | undefined;
}

export function whatIfRequests(session: Session, asking: Asking, inputs: Inputs): WhatIfRequests {
  const questionOf = async (params: messages.WhyParams): Promise<Question> => {
    const place = await placeOf(session, params.uri);
    const query = params.query ?? queryAt(session, place, params.range);
    const member = params.member === undefined ? undefined : memberOf(place.project, query, params.member);
    return { project: place.project, query, input: inputOf(session, inputs, place, params, query), member };
  };

  const ask = (question: Question, texts: readonly string[]): Running<readonly boolean[]> => {
    const { project, query, input, member } = question;
    const questions = texts.map((text) => ({ path: query, input: text, profile: input.profile }));
    const running = asking.ask(project, questions, lotPatience, { known: new KnownAnswers({ room: 0, tellsPlaces: false }) });
    const answer = running.answer.then(({ answers }) =>
      answers.map((one) => one.answer.kind === "value" && makesTrue(one.answer.json, member?.text)),
    );
    return { answer, stop: () => running.stop() };
  };

  const whatIf = async (params: messages.WhyParams, cancellation?: Cancellation): Promise<messages.WhatIfResult> => {
    const question = await questionOf(params);
    const { project, query, input } = question;
    const withdrawn = (): boolean => cancellation?.cancelled === true;
    const cancelled = new RequestError("the question was withdrawn", codes.requestCancelled);
    const steps = project.compilation.checkedSteps([entrypointName(query)]);
    const checked = (await inTurns(session.pace, steps, turn, () => !withdrawn()))?.result;
    if (checked === undefined) throw cancelled;
    const none = { proposals: [], isCut: false };
    if ("problem" in checked || input.json === undefined) return none;
    const policies = question.member === undefined ? checked : withMember(project, query, checked, question.member);
    const search = searchFor(project, policies, query, input.json);
    if (search === undefined) return none;
    const end = session.ports.now() + patience;
    let isCut = false;
    const tries = search.tries();
    try {
      // A rule that is true needs nothing.
      const [holds] = await ask(question, [input.json]).answer;
      for (let step = holds === true ? undefined : tries.next(); step !== undefined && step.done !== true; ) {
        if (session.ports.now() > end) {
          isCut = true;
          break;
        }
        const running = ask(question, step.value);
        cancellation?.onCancel(() => running.stop());
        step = tries.next(await running.answer);
      }
    } catch (error) {
      if (withdrawn()) throw cancelled;
      if (!(error instanceof EvaluationTimeout)) throw error;
      isCut = true;
    }
    if (withdrawn()) throw cancelled;
    const before: unknown = JSON.parse(input.json);
    return {
      proposals: search.proposals.map(({ changes }) => changes.map((change) => told(before, change))),
      ...(input.sample === undefined ? {} : { sample: input.sample.name }),
      isCut,
    };
  };

  const applyWhatIf = async (params: messages.ApplyWhatIfParams): Promise<messages.ApplyWhatIfResult> => {
    const question = await questionOf(params);
    const { project, input } = question;
    const { sample, json, profile } = input;
    if (sample === undefined || json === undefined) return { problem: "the rule is asked with no sample" };
    const cannot = { problem: `${sample.name} cannot be changed so: what it is made of says otherwise` };
    const { file } = sample;
    const edits = sampleEdits(file, JSON.parse(json), params.changes as readonly Change[]);
    if (edits === undefined) return cannot;
    const text = edits
      .toReversed()
      .toSorted((a, b) => b.range.start - a.range.start)
      .reduce((all, { range, newText }) => `${all.slice(0, range.start)}${newText}${all.slice(range.end)}`, file.text);
    const after = project.withTexts(new Map([[file.path, text]]));
    const changed = after.inputs.samples.find((one) => one.file.path === file.path);
    const resolved = changed && after.inputs.json(changed, profile);
    const [holds] = resolved === undefined ? [false] : await ask({ ...question, project: after }, [resolved]).answer;
    if (holds !== true) return cannot;
    const edit = workspaceEdit(
      session,
      edits.map((one) => ({ file: file.path, ...one })),
    );
    const { applied } = (await session.connection.request("workspace/applyEdit", { label: `Change ${sample.name}`, edit })) as {
      readonly applied: boolean;
    };
    return applied ? { uri: session.uris.uri(file.path) } : { problem: `${sample.name} was not changed` };
  };

  return { whatIf, applyWhatIf };
}

function told(input: unknown, change: Change): messages.InputChange {
  const before = valueAt(input, change.path);
  return { ...change, name: pathText(change.path), ...(before === undefined ? {} : { before }) };
}
