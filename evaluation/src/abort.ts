// What ends an evaluation from inside: the module's own abort, and builtins that crash.
import type { SourcePlace } from "./source-place.ts";

/** Calls inside the runtime that may stand between an abort and the rule that led to it. */
const tracedFrames = 40;

export class Abort extends Error {
  readonly text: string;
  constructor(text: string) {
    const engine: ErrorConstructor & { stackTraceLimit?: number } = Error;
    const { stackTraceLimit = tracedFrames } = engine;
    engine.stackTraceLimit = tracedFrames;
    super(text);
    engine.stackTraceLimit = stackTraceLimit;
    this.text = text;
  }
}

/** A builtin that threw what no builtin may throw, or that is not there. */
export class BuiltinCrash extends Error {
  readonly place: SourcePlace | undefined;
  constructor(message: string, place: SourcePlace | undefined) {
    super(message);
    this.place = place;
  }
}
