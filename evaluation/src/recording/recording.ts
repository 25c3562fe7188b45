// A recorded evaluation: its events in the order of OPA's interpreter, with what was printed and what builtins complained of at each.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Steps } from "#grammars/text/steps.ts";
import { CourseListener, type Reached } from "../course.ts";
import { type ExplainedEvent, type KnownChange, retell } from "../explanation.ts";
import type { LookedAt } from "../heard-marks.ts";
import type { EvaluationError } from "../instance.ts";
import { playTape, type Tape } from "./tape.ts";

export interface Recording {
  readonly events: readonly ExplainedEvent[];
  /** So many events came before them and are not kept. */
  readonly dropped: number;
  /** There were too many: what came behind them is missing. */
  readonly isCut: boolean;
  readonly known: readonly KnownChange[];
  /** Event → what was printed there. */
  readonly prints: ReadonlyMap<number, readonly string[]>;
  /** Event → what builtins complained of there: the one at which that failed, where it did. */
  readonly errors: ReadonlyMap<number, readonly EvaluationError[]>;
}

export interface Taped {
  readonly tape: Tape;
  /** The evaluation ended with an error: it came to no end of its own. */
  readonly isEnded: boolean;
  readonly builtinErrors: readonly EvaluationError[];
}

/** Each takes 2 to 3 KB with its events while it is retold: more do not fit into the memory of a server. */
const mostMarks = 600_000;

/** More marks than an evaluation of so many events has, as far as they fit. */
export const marksFor = (events: number): number => Math.min(2 * events, mostMarks);

/** How many values are told at each mark of a module. */
export function lookedAtOf({ marks }: EmittedModule): LookedAt {
  return marks.map(({ names }) => names.length);
}

/** The events of tapes that one module told, one behind the other; of more than `most` the last ones. */
export function* recordingSteps(module: EmittedModule, taped: readonly Taped[], most: number): Steps<Recording> {
  const lookedAt = lookedAtOf(module);
  const listener = new CourseListener(module, Number.POSITIVE_INFINITY);
  const prints = new Map<Reached, string[]>();
  const errors = new Map<Reached, EvaluationError[]>();
  for (const { tape, builtinErrors } of taped) {
    let next = 0;
    yield* playTape(tape, lookedAt, listener, ({ kind, text }, behind) => {
      if (behind === undefined) return;
      if (kind === "print") put(prints, behind, text);
      const error = kind === "error" ? builtinErrors[next++] : undefined;
      if (error !== undefined) put(errors, behind, error);
    });
  }
  const isFull = taped.some(({ tape }) => tape.isFull);
  const {
    events: all,
    reached,
    known,
    isWhole,
  } = retell(listener.reached, isFull || taped.at(-1)?.isEnded === true ? "cut" : undefined);
  const dropped = Math.max(0, all.length - most);
  const events = dropped === 0 ? all : all.slice(dropped);
  return {
    events,
    dropped,
    isCut: isFull || !isWhole,
    known: known.map((change) => ({ ...change, event: Math.max(0, change.event - dropped) })),
    ...placed(events, reached.slice(dropped), prints, errors),
  };
}

function put<Key, One>(lists: Map<Key, One[]>, key: Key, one: One): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}

/** What was said behind marks, by the events that are told from them: a complaint where the expression fails. */
function placed(
  events: readonly ExplainedEvent[],
  reached: readonly Reached[],
  prints: ReadonlyMap<Reached, readonly string[]>,
  errors: ReadonlyMap<Reached, readonly EvaluationError[]>,
): Pick<Recording, "prints" | "errors"> {
  const printed = new Map<number, readonly string[]>();
  const complained = new Map<number, readonly EvaluationError[]>();
  if (prints.size === 0 && errors.size === 0) return { prints: printed, errors: complained };
  const tried = new Map<Reached, number>();
  for (const [number, { op }] of events.entries()) {
    const at = reached[number]!;
    const lines = op === "Eval" ? prints.get(at) : undefined;
    if (lines !== undefined) printed.set(number, lines);
    const found = errors.get(at);
    if (found === undefined || (op !== "Eval" && op !== "Fail")) continue;
    const before = tried.get(at);
    if (before !== undefined) complained.delete(before);
    tried.set(at, number);
    complained.set(number, found);
  }
  return { prints: printed, errors: complained };
}
