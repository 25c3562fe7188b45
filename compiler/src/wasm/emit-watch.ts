// Watched modules: counts of the places that are reached and passed and of the rules that gave a result, and the marks of the plan.
import type { Location, Stmt } from "../plan/ir.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { op } from "./instructions.ts";

function stepAt(w: FunctionWriter, location: Location, whole: boolean): number {
  const key = `${whole}:${location.file}:${location.row}:${location.col}:${location.endRow}:${location.endCol}`;
  let step = w.steps.get(key);
  if (step === undefined) {
    step = w.context.step(location, w.funcName, whole);
    w.steps.set(key, step);
  }
  return step;
}

/** What is counted at a step: a rule or function begins, or gives its result; an expression is about to be tried, or has held. */
type Phase = "enter" | "exit" | "reach" | "pass";

export function watchStep(w: FunctionWriter, location: Location, phase: Phase): void {
  const b = w.b;
  const { counters, options } = w.context;
  if (options.watch !== "counts" || location.row === 0) return;
  const step = stepAt(w, location, phase === "enter" || phase === "exit");
  const address = counters + 8 * step + (phase === "pass" || phase === "exit" ? 4 : 0);
  b.i32(address);
  b.i32(address);
  b.memory(op.i32Load, 0, 2);
  b.i32(1);
  b.op(op.i32Add);
  b.memory(op.i32Store, 0, 2);
}

/** Counts a rule that gave a result. */
export function watchExit(w: FunctionWriter, location: Location): void {
  const b = w.b;
  if (w.context.options.watch !== "counts") return;
  b.get(w.result);
  b.op(op.i64Eqz, op.i32Eqz);
  b.open(op.if);
  watchStep(w, location, "exit");
  b.close();
}

/** Tells the host of a mark: its values stand at watchAddress. */
export function emitMark(w: FunctionWriter, { mark, values }: Extract<Stmt, { op: "Mark" }>): void {
  const b = w.b;
  for (const [i, value] of values.entries()) {
    b.i32(w.context.values + 8 * i);
    w.operand(value);
    b.memory(op.i64Store, 0, 3);
  }
  b.i32(mark);
  w.runtime("rt_mark");
}
