// What a marked module tells while it is evaluated, noted so closely that millions of marks go from one thread to another.
import type { EmittedModule } from "#compiler/wasm/emit.ts";
import type { Steps } from "#grammars/text/steps.ts";
import type { BuiltinContext, BuiltinFunction, Family } from "../builtins/builtin.ts";
import { hostBuiltins } from "../builtins/index.ts";
import type { CourseListener, Reached } from "../course.ts";
import type { LookedAt } from "../heard-marks.ts";
import { createInstance, type EvaluateOptions, type Instance, type InstanceOptions, type Outcome } from "../instance.ts";
import { readRegoText, writeRegoText } from "../rego-text.ts";
import { hearingCases } from "../test-cases.ts";

/** What was said behind a mark; of a case of a test the text is the list of its keys. */
export interface TapeSaid {
  readonly kind: "print" | "note" | "case" | "error";
  /** How many numbers stood on the tape then. */
  readonly at: number;
  readonly text: string;
}

export interface Tape {
  /** Of each mark its number, and behind it the values that it tells: positions in `texts` from 1, 0 for none. */
  readonly numbers: Int32Array<ArrayBuffer>;
  readonly texts: readonly string[];
  readonly said: readonly TapeSaid[];
  /** The evaluation was stopped here: it told more than was wanted. */
  readonly isFull: boolean;
}

export interface TapeLimits {
  readonly marks: number;
  /** Of all different values together. */
  readonly characters: number;
}

/** Of so many complaints of builtins it is noted when they came. */
const mostErrors = 256;
const firstNumbers = 1 << 12;

export class TapeWriter {
  #numbers = new Int32Array(firstNumbers);
  #length = 0;
  #marks = 0;
  #characters = 0;
  #errors = 0;
  #instance: Instance | undefined;
  readonly #positions = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #said: TapeSaid[] = [];
  readonly #lookedAt: LookedAt;
  readonly #limits: TapeLimits;

  constructor(lookedAt: LookedAt, limits: TapeLimits) {
    this.#lookedAt = lookedAt;
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#marks >= this.#limits.marks || this.#characters >= this.#limits.characters;
  }

  /** An instance whose evaluations are noted. */
  instanceOf(module: EmittedModule, options: InstanceOptions): Instance {
    const builtins: Family = {
      ...options.builtins,
      ...hearingCases((keys) => this.#say("case", writeRegoText(keys))),
      "internal.print": this.#printing,
    };
    const onNote: InstanceOptions["onNote"] = ({ line }) => this.#say("note", line);
    const instance = createInstance(module, { ...options, builtins, onNote, onMark: (mark) => this.#note(mark) });
    this.#instance = instance;
    return instance;
  }

  take(): Tape {
    this.#noteErrors();
    return {
      numbers: this.#numbers.slice(0, this.#length),
      texts: this.#texts,
      said: this.#said,
      isFull: this.isFull,
    };
  }

  readonly #printing: BuiltinFunction = (args, context) => {
    const print: BuiltinContext["print"] = (line, builtin) => {
      this.#say("print", line);
      context.print(line, builtin);
    };
    return hostBuiltins.get("internal.print")!(args, { ...context, random: () => context.random(), print });
  };

  #say(kind: TapeSaid["kind"], text: string): void {
    if (!this.isFull) this.#said.push({ kind, at: this.#length, text });
  }

  #note(mark: number): void {
    if (this.isFull) return;
    this.#noteErrors();
    this.#marks++;
    this.#push(mark);
    for (let index = 0; index < (this.#lookedAt[mark] ?? 0); index++) this.#push(this.#position(this.#instance?.variable(index)));
  }

  /** What builtins have complained of since the mark before; the texts are known when the evaluation is over. */
  #noteErrors(): void {
    if (this.#errors >= mostErrors) return;
    const count = this.#instance?.complaints() ?? 0;
    for (; this.#errors < count; this.#errors++) this.#say("error", "");
  }

  #position(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#characters += text.length;
    this.#positions.set(text, this.#texts.length);
    return this.#texts.length;
  }

  #push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const grown = new Int32Array(2 * this.#length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = number;
  }
}

/** Evaluates one entrypoint of a module compiled with `courseRequest` and notes what it tells; ended when that is more than is wanted. */
export function recordTape(
  module: EmittedModule,
  lookedAt: LookedAt,
  asked: { readonly entrypoint: string; readonly data: string | undefined; readonly input: string | undefined },
  limits: TapeLimits,
  options: InstanceOptions,
  evaluation: EvaluateOptions,
): { readonly tape: Tape; readonly outcome: Outcome } | { readonly fault: string } {
  const writer = new TapeWriter(lookedAt, limits);
  const instance = writer.instanceOf(module, options);
  const fault = instance.setData(asked.data);
  if (fault !== undefined) return { fault: fault.message };
  const cancelled = (): boolean => writer.isFull || evaluation.cancelled?.() === true;
  const outcome = instance.evaluate(asked.entrypoint, asked.input, { ...evaluation, cancelled });
  return { tape: writer.take(), outcome };
}

/** Marks between two pauses. */
const portion = 1000;

/** Plays a tape to a listener, with pauses; gives what was said besides, by the mark behind which it was. */
export function* playTape(
  { numbers, texts, said }: Tape,
  lookedAt: LookedAt,
  listener: CourseListener,
  heard: (said: TapeSaid, behind: Reached | undefined) => void,
): Steps<void> {
  let marks = 0;
  let next = 0;
  let values = 0;
  listener.attach({ variable: (index) => texts[(numbers[values + index] ?? 0) - 1] });
  const sayUntil = (at: number): void => {
    for (let one = said[next]; one !== undefined && one.at <= at; one = said[++next]) {
      if (one.kind === "note") listener.onNote({ line: one.text, place: undefined });
      else if (one.kind === "case") listener.onCase(keysOf(one.text));
      else heard(one, listener.last);
    }
  };
  for (let at = 0; at < numbers.length; ) {
    sayUntil(at);
    const mark = numbers[at]!;
    values = at + 1;
    at = values + (lookedAt[mark] ?? 0);
    listener.onMark(mark);
    if (++marks % portion === 0) yield;
  }
  sayUntil(numbers.length);
}

function keysOf(text: string): Parameters<CourseListener["onCase"]>[0] {
  const keys = readRegoText(text);
  return Array.isArray(keys) ? keys : [];
}
