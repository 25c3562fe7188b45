// Why a rule is what it is for the input that counts for it: as a tree, and as the text that the editor shows beside it.

import { shownProblem } from "#features/rego/faults/shown.ts";
import { type HeardModule, type TracedRule, tracedRule } from "#features/why.ts";
import { gathers } from "#features/why-member.ts";
import { whyLines } from "#features/why-text.ts";
import type { WhyNode } from "#features/why-tree.ts";
import type * as messages from "#protocol/messages.ts";
import { entrypointName } from "#workspace/config.ts";
import type { Project } from "#workspace/project.ts";
import { textsOf } from "../answer-texts.ts";
import { type Answer, type EvaluationAnswer, type Running, reasonOf } from "../evaluator.ts";
import type { Inputs } from "../inputs.ts";
import { type Cancellation, codes, RequestError } from "../rpc/connection.ts";
import type { Session } from "../session.ts";
import { inTurns, turn } from "../turns.ts";
import { inputOf, placeOf, queryAt } from "./asked-place.ts";

const timeout = 10_000;
/** So many members of a set or keys of an object are offered. */
const mostMembers = 500;

let nextModule = 1;

export function whyRequest(session: Session, inputs: Inputs) {
  return async (params: messages.WhyParams, cancellation?: Cancellation): Promise<messages.WhyResult> => {
    const place = await placeOf(session, params.uri);
    const { project } = place;
    const query = params.query ?? queryAt(session, place, params.range);
    const input = inputOf(session, inputs, place, params, query);
    const inputUsed = input.name ?? "no input";
    const problem = (text: string): messages.WhyResult => ({ query, inputUsed, text, problem: text });
    if (input.problem !== undefined) return problem(input.problem);
    const cancelled = (): boolean => cancellation?.cancelled === true;
    const steps = tracedRule(project, query, params.member);
    const traced = (await inTurns(session.pace, steps, turn, () => !cancelled()))?.result;
    if (traced === undefined) throw new RequestError("the question was withdrawn", codes.requestCancelled);
    if ("problem" in traced) return problem(shownProblem(project, traced));
    const ask = async (heard: HeardModule): Promise<EvaluationAnswer["answers"][number]> => {
      const running: Running = session.ports.evaluator.run({
        key: `why:${nextModule++}`,
        module: heard.module,
        lookedAt: heard.lookedAt,
        dataKey: project.data.key,
        data: project.data.json,
        questions: [{ entrypoint: entrypointName(query), input: input.json, mocks: project.configuration.mocks(input.profile) }],
        now: project.now(),
        timeout,
      });
      cancellation?.onCancel(() => running.stop());
      return (await running.answer).answers[0]!;
    };
    try {
      const { answer, marks } = await ask(traced.all);
      const fewer = (await ask(traced.indexed)).marks;
      const value = textsOf(answer).text;
      const head = headOf(query, value, traced, answer);
      if (marks === undefined || fewer === undefined) return problem(`${head}\n\nthe evaluation is too long to be told`);
      const tree = traced.why(marks, fewer, traced.member === undefined ? value : "");
      return {
        query,
        inputUsed,
        text: [head, "", ...whyLines(tree.map((node) => ({ ...node, detail: "" })))].join("\n"),
        head,
        asked: askedOf(query, value, traced, answer),
        tree: tree.map((node) => rowOf(session, node)),
        members: membersOf(project, query, traced, answer),
      };
    } catch (error) {
      if (cancelled()) throw new RequestError("the question was withdrawn", codes.requestCancelled);
      return problem(reasonOf(error, project.root));
    }
  };
}

function askedOf(query: string, value: string, { member }: TracedRule, answer: Answer): NonNullable<messages.WhyResult["asked"]> {
  const rule = query.replace(/^data\./u, "");
  if (member === undefined || answer.kind === "error") return { rule, value };
  return { rule, member: { text: member.text, isIn: answer.kind === "value" && hasMembers(answer.json) } };
}

function headOf(query: string, value: string, traced: TracedRule, answer: Answer): string {
  const { rule, member } = askedOf(query, value, traced, answer);
  if (member !== undefined) return `${member.text} is ${member.isIn ? "in" : "not in"} ${rule}`;
  return traced.member === undefined ? `${rule} = ${value}` : `${rule}: ${value}`;
}

const hasMembers = (json: string): boolean => Object.keys(JSON.parse(json) as object).length > 0;

/** What can be asked about: the members of a set, the keys of an object; undefined for what gathers nothing. */
function membersOf(project: Project, query: string, { member }: TracedRule, answer: Answer): readonly string[] | undefined {
  if (!gathers(project, query)) return undefined;
  if (member !== undefined || answer.kind !== "value") return [];
  const value: unknown = JSON.parse(answer.json);
  const members = Array.isArray(value) ? (value as readonly unknown[]) : Object.keys(value as object);
  return members.slice(0, mostMembers).map((one) => JSON.stringify(one));
}

function rowOf(session: Session, { place, children, ...node }: WhyNode): messages.WhyRow {
  const at = place === undefined ? {} : { uri: session.uris.uri(place.file), range: session.range(place.file, place.range) };
  return { ...node, ...at, children: children.map((child) => rowOf(session, child)) };
}
