// A cursor over a recorded evaluation: steps ahead and back, runs to breakpoints in both directions, jumps to any event.
import type { ExplainedOp } from "#evaluation/explanation.ts";
import type { EvaluationError } from "#evaluation/instance.ts";
import type { Recording } from "#evaluation/recording/recording.ts";
import { type Breakpoint, isCounted, isMet } from "./breakpoints.ts";
import { type Frame, Frames } from "./frames.ts";
import type { Stop } from "./places.ts";
import type { Subject } from "./subject.ts";
import { Timeline } from "./timeline.ts";

export type Why = "entry" | "step" | "breakpoint" | "exception" | "result" | "failure" | "goto" | "restart" | "end";

/** Where the cursor stands, and why. */
export interface Halt {
  readonly why: Why;
  /** What the reader is told: the message of an error, what failed. */
  readonly text?: string;
  /** The breakpoints that were hit. */
  readonly hit?: readonly number[];
}

/** How one run ended. */
export interface Ending {
  readonly error?: EvaluationError;
  readonly isDefined: boolean;
}

export interface HaltOptions {
  readonly onFail: boolean;
  readonly onResult: boolean;
  /** Errors of builtins, errors that end the evaluation, results that are undefined. */
  readonly exceptions: ReadonlySet<"builtin" | "error" | "undefined">;
}

/** What is asked on the way: whether a condition holds at an event, and what is told instead of stopping. */
export interface Asking {
  holds(condition: string, event: number): Promise<boolean>;
  /** What a breakpoint logs. */
  tell(message: string, event: number): Promise<void>;
}

/** What interrupts a long way. */
export interface Pausing {
  isWanted(): boolean;
  /** Lets others do something. */
  rest(): Promise<void>;
}

/** Events between two rests. */
const portion = 20_000;

export class Debugger {
  readonly subject: Subject;
  readonly timeline: Timeline;
  readonly frames: Frames;
  /** How runs ended, by the last event of each. */
  readonly #endings: ReadonlyMap<number, Ending>;
  breakpoints: readonly Breakpoint[] = [];
  halts: HaltOptions = { onFail: false, onResult: false, exceptions: new Set() };
  #cursor = 0;
  /** By breakpoint, the events at which it is met and its condition holds, as far as they are known. */
  readonly #counted = new Map<number, { until: number; readonly events: number[] }>();

  constructor(subject: Subject, recording: Recording, endings: readonly Ending[], skipped?: ReadonlySet<ExplainedOp>) {
    this.subject = subject;
    this.timeline = new Timeline(recording, subject.places, skipped);
    this.frames = new Frames(this.timeline, subject);
    const { timeline } = this;
    this.#endings = new Map(
      endings.flatMap((one, at) => (timeline.roots[at] === undefined ? [] : [[timeline.lastOf(timeline.roots[at]), one]])),
    );
  }

  get cursor(): number {
    return this.#cursor;
  }

  get isEmpty(): boolean {
    return this.timeline.length === 0;
  }

  /** The frames at the cursor, the innermost first. */
  stack(): readonly Frame[] {
    return this.isEmpty ? [] : this.frames.at(this.#cursor);
  }

  /** Where the reader begins: at the first rule that is tried, unless the query has more to say. */
  enter(): Halt {
    const isPlain = this.subject.places.stopsIn("").length < 2;
    for (let at = 0; isPlain && at < this.timeline.length; at++)
      if (this.timeline.isArrival(at) && this.timeline.stop(at)?.file !== "") {
        this.#cursor = at;
        break;
      }
    return { why: "entry" };
  }

  moveTo(event: number): void {
    this.#cursor = Math.max(0, Math.min(event, this.timeline.length - 1));
  }

  /** One event, whatever it is. */
  stepEvent(direction: 1 | -1): Halt {
    const next = this.#cursor + direction;
    if (next < 0 || next >= this.timeline.length) return this.#atEdge(direction);
    this.#cursor = next;
    return this.#stepped();
  }

  stepIn(): Halt {
    return this.#step(1, () => true);
  }

  /** To what comes next, but not into what is asked here. */
  stepOver(): Halt {
    const { query } = this.timeline.event(this.#cursor);
    return this.#step(1, (at) => !this.timeline.isBelow(this.timeline.event(at).query, query));
  }

  /** To what comes next in the query that asks this one. */
  stepOut(): Halt {
    const { query } = this.timeline.event(this.#cursor);
    return this.#step(1, (at) => this.timeline.isBelow(query, this.timeline.event(at).query));
  }

  /** To what came before, but not into what was asked there. */
  stepBack(): Halt {
    const { query } = this.timeline.event(this.#cursor);
    return this.#step(-1, (at) => !this.timeline.isBelow(this.timeline.event(at).query, query));
  }

  /** The next place at which something stops, or the end. */
  async run(direction: 1 | -1, asking: Asking, pausing: Pausing): Promise<Halt> {
    for (let at = this.#cursor + direction; at >= 0 && at < this.timeline.length; at += direction) {
      if (at % portion === 0) await pausing.rest();
      if (pausing.isWanted()) {
        this.#cursor = at;
        return { why: "step" };
      }
      const halt = await this.haltAt(at, direction, asking);
      if (halt === undefined) continue;
      this.#cursor = at;
      return halt;
    }
    return this.#atEdge(direction);
  }

  /** Where the query of a frame began. */
  restart({ query }: Frame): Halt {
    this.#cursor = this.timeline.first(query);
    return { why: "restart" };
  }

  /** The events at which a place is come to: the next one and the last one before the cursor, then the first and last of all. */
  arrivals(stops: readonly Stop[]): readonly { readonly event: number; readonly label: string }[] {
    const all: number[] = [];
    for (let at = 0; at < this.timeline.length; at++) {
      const stop = this.timeline.stop(at);
      if (stop !== undefined && stops.includes(stop) && this.timeline.isArrival(at)) all.push(at);
    }
    const next = all.find((at) => at > this.#cursor);
    const before = all.findLast((at) => at < this.#cursor);
    const named = [
      [next, "next time"],
      [before, "last time before"],
      [all[0], "first time"],
      [all.at(-1), "last time"],
    ] as const;
    const found = new Map<number, string>();
    for (const [event, label] of named) if (event !== undefined && !found.has(event)) found.set(event, label);
    return [...found].map(([event, label]) => ({ event, label }));
  }

  /** The event of another recording that stands where one of this stands: the same place, come to as often. */
  sameEvent(other: Debugger, event: number): number {
    const key = (timeline: Timeline, at: number): string => {
      const stop = timeline.stop(at);
      return `${timeline.event(at).op} ${stop?.file} ${stop?.range.start} ${stop?.range.end}`;
    };
    const wanted = key(other.timeline, event);
    let left = 0;
    for (let at = 0; at <= event; at++) if (key(other.timeline, at) === wanted) left++;
    let found: number | undefined;
    for (let at = 0; at < this.timeline.length && left > 0; at++)
      if (key(this.timeline, at) === wanted) {
        found = at;
        left--;
      }
    return found ?? 0;
  }

  /** Why the evaluation stops at an event, if it does. */
  async haltAt(at: number, direction: 1 | -1, asking: Asking): Promise<Halt | undefined> {
    const hit: number[] = [];
    for (const breakpoint of this.breakpoints) {
      if (!(await this.#isHit(breakpoint, at, asking))) continue;
      if (breakpoint.log === undefined) hit.push(breakpoint.id);
      else if (direction > 0) await asking.tell(breakpoint.log, at);
    }
    if (hit.length > 0) return { why: "breakpoint", hit };
    return this.#exceptionAt(at) ?? this.#outcomeAt(at);
  }

  async #isHit(breakpoint: Breakpoint, at: number, asking: Asking): Promise<boolean> {
    const { condition, hits } = breakpoint;
    if (!isMet(breakpoint, this.frames, at)) return false;
    const holds = async (event: number): Promise<boolean> =>
      condition === undefined || condition.trim() === "" || asking.holds(condition, event);
    if (hits === undefined || hits.trim() === "") return holds(at);
    const counted = this.#counted.get(breakpoint.id) ?? { until: -1, events: [] };
    this.#counted.set(breakpoint.id, counted);
    for (let event = counted.until + 1; event <= at; event++)
      if (isMet(breakpoint, this.frames, event) && (await holds(event))) counted.events.push(event);
    counted.until = Math.max(counted.until, at);
    const place = counted.events.indexOf(at);
    return place >= 0 && isCounted(hits, place + 1);
  }

  #exceptionAt(at: number): Halt | undefined {
    const { exceptions } = this.halts;
    const errors = exceptions.has("builtin") ? this.timeline.recording.errors.get(at) : undefined;
    if (errors !== undefined) return { why: "exception", text: errors.map(({ message }) => message).join("\n") };
    const ending = this.#endings.get(at);
    if (ending?.error !== undefined)
      return exceptions.has("error") ? { why: "exception", text: ending.error.message } : undefined;
    if (ending?.isDefined === false && exceptions.has("undefined")) return { why: "exception", text: "the result is undefined" };
    return undefined;
  }

  #outcomeAt(at: number): Halt | undefined {
    const { op, query } = this.timeline.event(at);
    if (op === "Fail" && this.halts.onFail && this.timeline.isStep(at)) return this.#failure(at);
    if (!this.halts.onResult || op !== "Exit" || this.timeline.parent(query) !== undefined) return undefined;
    // A rule may conflict behind the first result, which does not count then.
    const ending = this.#endings.get(this.timeline.lastOf(query));
    return ending?.error === undefined ? { why: "result" } : undefined;
  }

  #step(direction: 1 | -1, isWanted: (at: number) => boolean): Halt {
    for (let at = this.#cursor + direction; at >= 0 && at < this.timeline.length; at += direction) {
      if (!this.timeline.isStep(at) || !isWanted(at)) continue;
      this.#cursor = at;
      return this.#stepped();
    }
    return this.#atEdge(direction);
  }

  #stepped(): Halt {
    const { op } = this.timeline.event(this.#cursor);
    return op === "Fail" ? this.#failure(this.#cursor) : { why: "step" };
  }

  /** An expression that fails, and what a builtin complained of there. */
  #failure(at: number): Halt {
    const errors = this.timeline.recording.errors.get(at) ?? [];
    return { why: "failure", text: [this.frames.wordsAt(at), ...errors.map(({ message }) => message)].join("\n") };
  }

  /** At the end there may be an error that was not told yet. */
  #atEdge(direction: 1 | -1): Halt {
    if (direction > 0) {
      const last = this.timeline.length - 1;
      const error = this.#cursor < last ? this.#exceptionAt(last) : undefined;
      if (error === undefined) return { why: "end" };
      this.#cursor = last;
      return error;
    }
    this.#cursor = 0;
    return { why: "entry" };
  }
}
