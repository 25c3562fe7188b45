// Answers that still hold: after an edit elsewhere, or for an input that was asked before, nothing is evaluated again.
import type { EvaluationAnswer, EvaluationJob, JobQuestion, Running } from "./evaluator.ts";

type KnownAnswer = EvaluationAnswer["answers"][number];

/** What decides an answer. */
export interface AskedQuestion extends JobQuestion {
  /** Of what the entrypoint goes through (`EmittedModule.stamps`); undefined where the answer may vary by itself. */
  readonly stamp: number | undefined;
  readonly dataKey: string;
}

export interface Keeping {
  /** Characters of inputs and values that are kept. */
  readonly room: number;
  /** Errors and prints are told with their places, which edits elsewhere change: only who tells no places keeps them. */
  readonly tellsPlaces: boolean;
}

/** The answers, and how many of them had to be evaluated. */
export interface KnownOrEvaluated extends EvaluationAnswer {
  readonly evaluated: number;
}

/** What was answered for one input, by what was asked of which data; what was used last stands last. */
interface Group {
  readonly answers: Map<string, KnownAnswer>;
  size: number;
}

export class KnownAnswers {
  readonly #keeping: Keeping;
  /** The group that was used last stands last. */
  readonly #groups = new Map<string | undefined, Group>();
  #size = 0;

  constructor(keeping: Keeping = { room: 8_000_000, tellsPlaces: true }) {
    this.#keeping = keeping;
  }

  /** What is known already, and what is evaluated for the others. */
  async answers(
    asked: readonly AskedQuestion[],
    evaluate: (open: EvaluationJob["questions"]) => Running["answer"],
  ): Promise<KnownOrEvaluated> {
    const known = asked.map((question) => this.find(question));
    const open = asked.filter((_, at) => known[at] === undefined);
    if (open.length === 0) return { answers: known.flatMap((answer) => answer ?? []), evaluated: 0 };
    const { answers } = await evaluate(open.map(({ entrypoint, input, mocks }) => ({ entrypoint, input, mocks })));
    const fresh = new Map(open.map((question, at) => [question, answers[at]!]));
    for (const [question, answer] of fresh) this.keep(question, answer);
    return { answers: asked.map((question, at) => known[at] ?? fresh.get(question)!), evaluated: open.length };
  }

  find(question: AskedQuestion): KnownAnswer | undefined {
    const group = this.#groups.get(question.input);
    const key = keyOf(question);
    const answer = group?.answers.get(key);
    if (group === undefined || answer === undefined) return undefined;
    moveToEnd(this.#groups, question.input, group);
    moveToEnd(group.answers, key, answer);
    return answer;
  }

  keep(question: AskedQuestion, answer: KnownAnswer): void {
    const { input = "" } = question;
    const { room, tellsPlaces } = this.#keeping;
    if (question.stamp === undefined || (tellsPlaces && !saysNoPlace(answer)) || input.length + sizeOf(answer) > room / 4) return;
    const group = this.#groups.get(question.input) ?? { answers: new Map<string, KnownAnswer>(), size: input.length };
    if (!this.#groups.has(question.input)) this.#size += group.size;
    this.#remove(group, keyOf(question));
    group.answers.set(keyOf(question), answer);
    group.size += sizeOf(answer);
    this.#size += sizeOf(answer);
    moveToEnd(this.#groups, question.input, group);
    this.#makeRoom();
  }

  #makeRoom(): void {
    for (const [input, group] of this.#groups) {
      if (this.#size <= this.#keeping.room) return;
      if (this.#groups.size > 1) {
        this.#groups.delete(input);
        this.#size -= group.size;
      } else for (const key of group.answers.keys()) if (this.#size > this.#keeping.room) this.#remove(group, key);
    }
  }

  #remove(group: Group, key: string): void {
    const answer = group.answers.get(key);
    if (answer === undefined) return;
    group.answers.delete(key);
    group.size -= sizeOf(answer);
    this.#size -= sizeOf(answer);
  }
}

function moveToEnd<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
}

function keyOf({ entrypoint, stamp, dataKey }: AskedQuestion): string {
  return `${stamp} ${dataKey} ${entrypoint}`;
}

function saysNoPlace({ answer, prints }: KnownAnswer): boolean {
  if (prints.length > 0) return false;
  return answer.kind === "value" || (answer.kind === "undefined" && answer.builtinErrors.length === 0);
}

/** In characters, with what an entry takes itself. */
function sizeOf({ answer }: KnownAnswer): number {
  return 100 + (answer.kind === "value" ? answer.json.length : 0);
}
