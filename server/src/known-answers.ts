// Answers that still hold: after an edit elsewhere, or for an input that was asked before, nothing is evaluated again.
import type { EvaluationAnswer } from "./evaluator.ts";

type KnownAnswer = EvaluationAnswer["answers"][number];

/** What decides an answer. */
export interface AskedQuestion {
  readonly entrypoint: string;
  /** JSON text; undefined for no input. */
  readonly input: string | undefined;
  /** Of what the entrypoint goes through (`EmittedModule.stamps`); undefined where the answer may vary by itself. */
  readonly stamp: number | undefined;
  readonly dataKey: string;
}

/** Characters of inputs and values that are kept. */
const room = 8_000_000;

/** What was answered for one input, by what was asked of which data; what was used last stands last. */
interface Group {
  readonly answers: Map<string, KnownAnswer>;
  size: number;
}

export class KnownAnswers {
  /** The group that was used last stands last. */
  readonly #groups = new Map<string | undefined, Group>();
  #size = 0;

  find(question: AskedQuestion): KnownAnswer | undefined {
    const group = this.#groups.get(question.input);
    const key = keyOf(question);
    const answer = group?.answers.get(key);
    if (group === undefined || answer === undefined) return undefined;
    moveToEnd(this.#groups, question.input, group);
    moveToEnd(group.answers, key, answer);
    return answer;
  }

  /** Errors and prints are told with their places, which edits elsewhere change: they are not kept. */
  keep(question: AskedQuestion, answer: KnownAnswer): void {
    const { input = "" } = question;
    if (question.stamp === undefined || !saysNoPlace(answer) || input.length + sizeOf(answer) > room / 4) return;
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
      if (this.#size <= room) return;
      if (this.#groups.size > 1) {
        this.#groups.delete(input);
        this.#size -= group.size;
      } else for (const key of group.answers.keys()) if (this.#size > room) this.#remove(group, key);
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
