// A debugger over a fixture, evaluated in this thread, and its state as text.

import { createInstance } from "#evaluation/instance.ts";
import { lookedAtOf, marksFor, recordingSteps } from "#evaluation/recording/recording.ts";
import { recordTape } from "#evaluation/recording/tape.ts";
import { readRegoText, writeTerm } from "#evaluation/rego-text.ts";
import { finish } from "#grammars/text/steps.ts";
import { open } from "../fixture.test-helper.ts";
import { testsOf } from "../tests.ts";
import { type Asking, Debugger, type Ending, type Halt } from "./debugger.ts";
import { Expressions, valueOfSolutions } from "./expressions.ts";
import { querySubject, type Subject, testSubject } from "./subject.ts";
import { surroundingsAt } from "./surroundings.ts";

export interface Debugged {
  readonly subject: Subject;
  readonly debugger: Debugger;
  /** An expression at the cursor, in the innermost frame: its value as text. */
  ask(text: string, frame?: number): string;
  readonly asking: Asking;
  readonly told: string[];
}

/** `query` is one, or `test …` with the name of tests. */
export async function debug(text: string, query: string, input?: string, most = 10_000): Promise<Debugged> {
  const { project, file } = await open(text);
  const wanted = /^test (.*)$/u.exec(query)?.[1];
  const tests = testsOf(project).flatMap((test) => (test.kind === "rule" && test.name.startsWith(wanted ?? "") ? [test] : []));
  const subject = finish(wanted === undefined ? querySubject(project, query, file) : testSubject(project, tests));
  if ("problem" in subject) throw new Error(subject.problem);
  const { module } = subject;
  const endings: Ending[] = [];
  const tapes = subject.runs.map(({ entrypoint }) => {
    const asked = { entrypoint, input, data: project.data.json };
    const limits = { marks: marksFor(most), characters: 1_000_000 };
    const made = recordTape(module, lookedAtOf(module), asked, limits, { now: () => 0n }, {});
    if ("fault" in made) throw new Error(made.fault);
    const { outcome, tape } = made;
    const isDefined = outcome.kind === "result" && outcome.text !== "[]";
    endings.push({ isDefined, ...(outcome.kind === "error" ? { error: outcome.error } : {}) });
    return { tape, isEnded: outcome.kind === "error", builtinErrors: outcome.builtinErrors };
  });
  const made = new Debugger(subject, finish(recordingSteps(module, tapes, most)), endings);
  const expressions = new Expressions(subject);
  const askAt = (expression: string, event: number): string => {
    const { timeline, frames } = made;
    const asked = expressions.ask(expression, {
      file: timeline.places.fileOf(timeline.event(event)),
      locals: frames.localsAt(event),
      surroundings: surroundingsAt(timeline, event),
    });
    if ("problem" in asked) return `problem: ${asked.problem}`;
    const ports = { runtime: () => readRegoText(asked.runtime) };
    const instance = createInstance(asked.module, { now: () => 0n, ports });
    instance.setData(project.data.json);
    const outcome = instance.evaluate(asked.entrypoint, input, { format: "rego" });
    if (outcome.kind === "error") return `error: ${outcome.error.message}`;
    const value = valueOfSolutions(outcome.text);
    return value === undefined ? "undefined" : writeTerm(value);
  };
  const told: string[] = [];
  const asking: Asking = {
    holds: async (condition, event) => !["undefined", "false"].includes(askAt(condition, event)),
    tell: async (message, event) => void told.push(message.replace(/\{([^}]*)\}/gu, (_, part: string) => askAt(part, event))),
  };
  const ask = (expression: string, frame = 0): string => askAt(expression, made.stack()[frame]!.event);
  return { subject, debugger: made, ask, asking, told };
}

/** `5 Eval grants(role, action) {role: "ops"} · allow < query`. */
export function stateOf({ debugger: one }: Debugged): string {
  const { timeline, frames, cursor } = one;
  const event = timeline.event(cursor);
  const row = timeline.stop(cursor)?.row ?? "-";
  const locals = [...frames.localsAt(cursor)].map(([name, text]) => `${name}: ${text}`).join(", ");
  const stack = one.stack().map(({ name }) => name);
  return `${row} ${event.op} ${frames.wordsAt(cursor)} {${locals}} · ${stack.join(" < ")}`;
}

/** The states after each of these moves, `why` before each. */
export function walk(debugged: Debugged, move: (one: Debugger) => Halt, most = 1000): string[] {
  const states = [stateOf(debugged)];
  for (let count = 0; count < most; count++) {
    const { why, text } = move(debugged.debugger);
    if (why === "end") break;
    states.push(`${why === "step" ? "" : `${why}${text === undefined ? "" : `: ${text}`} | `}${stateOf(debugged)}`);
    if (why === "entry") break;
  }
  return states;
}
