// Expressions asked at an event of a recording: watched, hovered, typed, or the conditions and messages of breakpoints.

import { writeTerm } from "#evaluation/rego-text.ts";
import type { Value } from "#evaluation/value.ts";
import { Expressions, valueOfSolutions } from "#features/debug/expressions.ts";
import type { Frame } from "#features/debug/frames.ts";
import { surroundingsAt } from "#features/debug/surroundings.ts";
import { type Shown, shown, shownAbsence } from "#features/debug/values.ts";
import { reasonOf } from "../evaluator.ts";
import type { Ground } from "./ground.ts";
import type { Recorded } from "./recorder.ts";

export type Told = { readonly value: Value | undefined } | { readonly problem: string };

const timeout = 10_000;
/** Answers that are kept: conditions are asked again and again. */
const most = 10_000;

export class Questions {
  readonly #ground: Ground;
  readonly #recorded: Recorded;
  readonly #expressions: Expressions;
  readonly #told = new Map<string, Told>();
  readonly #complained = new Set<string>();

  constructor(ground: Ground, recorded: Recorded) {
    this.#ground = ground;
    this.#recorded = recorded;
    this.#expressions = new Expressions(recorded.subject);
  }

  /** The value of an expression at the event that a frame is at. */
  async at(text: string, event: number): Promise<Told> {
    const { subject, debugger: one, input, mocks } = this.#recorded;
    const { timeline, frames } = one;
    const asked = this.#expressions.ask(text, {
      file: timeline.places.fileOf(timeline.event(event)),
      locals: frames.localsAt(event),
      surroundings: surroundingsAt(timeline, event),
    });
    if ("problem" in asked) return asked;
    const key = `${asked.key} ${asked.runtime}`;
    const known = this.#told.get(key);
    if (known !== undefined) return known;
    const { project } = subject;
    try {
      const { answers } = await this.#ground.session.ports.evaluator.run({
        key: asked.key,
        module: asked.module,
        dataKey: project.data.key,
        data: project.data.json,
        questions: [{ entrypoint: asked.entrypoint, input, mocks }],
        now: project.now(),
        timeout,
        runtime: asked.runtime,
      }).answer;
      const { answer, solutions } = answers[0]!;
      const told: Told =
        answer.kind === "error" ? { problem: answer.error.message } : { value: valueOfSolutions(solutions ?? "[]") };
      if (this.#told.size >= most) this.#told.clear();
      this.#told.set(key, told);
      return told;
    } catch (error) {
      return { problem: reasonOf(error, project.root) };
    }
  }

  /** A condition that cannot be asked does not hold; why is told the first time. */
  async holds(condition: string, event: number, tell: (problem: string) => void): Promise<boolean> {
    const told = await this.at(condition, event);
    if ("value" in told) return told.value !== undefined && told.value !== false;
    if (!this.#complained.has(condition)) tell(`the condition ${condition} cannot be asked: ${told.problem}`);
    this.#complained.add(condition);
    return false;
  }

  /** A message whose parts in braces are expressions. */
  async filled(message: string, event: number): Promise<string> {
    const parts: string[] = [];
    let end = 0;
    for (const { 0: whole, 1: text = "", index } of message.matchAll(/\{([^{}]*)\}/gu)) {
      const told = await this.at(text, event);
      parts.push(message.slice(end, index), "problem" in told ? `{${told.problem}}` : textOf(told.value));
      end = index + whole.length;
    }
    return parts.join("") + message.slice(end);
  }

  /** A document as a frame sees it. */
  async document(name: string, { event }: Frame): Promise<Shown> {
    const told = await this.at(name, event);
    if ("problem" in told) return shownAbsence(name, told.problem);
    return told.value === undefined ? shownAbsence(name) : shown(name, told.value, name);
  }
}

function textOf(value: Value | undefined): string {
  return value === undefined ? "undefined" : typeof value === "string" ? value : writeTerm(value);
}
