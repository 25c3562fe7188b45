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

/** Characters that are kept. */
const room = 4_000_000;

export class KnownAnswers {
  /** By what is asked of which data, then by input; those that were used last stand last. */
  readonly #answers = new Map<string, Map<string | undefined, KnownAnswer>>();
  #size = 0;

  find(question: AskedQuestion): KnownAnswer | undefined {
    const key = keyOf(question);
    const byInput = this.#answers.get(key);
    const answer = byInput?.get(question.input);
    if (byInput === undefined || answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, byInput);
    return answer;
  }

  /** Errors and prints are told with their places, which edits elsewhere change: they are not kept. */
  keep(question: AskedQuestion, answer: KnownAnswer): void {
    if (question.stamp === undefined || !saysNoPlace(answer) || sizeOf(answer) > room / 4) return;
    const key = keyOf(question);
    const byInput = this.#answers.get(key) ?? new Map<string | undefined, KnownAnswer>();
    const before = byInput.get(question.input);
    this.#size += sizeOf(answer) - (before === undefined ? 0 : sizeOf(before));
    byInput.set(question.input, answer);
    this.#answers.set(key, byInput);
    for (const [oldest, answers] of this.#answers) {
      if (this.#size <= room) return;
      this.#answers.delete(oldest);
      for (const gone of answers.values()) this.#size -= sizeOf(gone);
    }
  }
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
