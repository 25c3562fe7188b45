// Steps of a watched module: the place that is reached or passed, and whether a rule gave its result.
import type { Location } from "../plan/ir.ts";
import { STEP_CACHED, STEP_EXIT, STEP_FAIL, STEP_PASS, STEP_REACH } from "./abi.ts";
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

export function watchStep(w: FunctionWriter, location: Location, phase: number): void {
  const b = w.b;
  const { counters, frame } = w.context;
  const { watch } = w.context.options;
  if (watch === undefined || location.row === 0) return;
  const step = stepAt(w, location, phase !== STEP_REACH && phase !== STEP_PASS);
  if (watch === "events") {
    const shown = w.shownVariables();
    if (shown.length < w.vars.length) b.memoryZero(frame, 8 * w.vars.length);
    for (const i of shown) {
      b.i32(frame + 8 * i);
      w.get(w.vars[i]!.local);
      b.memory(op.i64Store, 0, 3);
    }
    b.i32(step);
    b.i32(phase);
    w.runtime("rt_step");
  } else if (phase !== STEP_CACHED && phase !== STEP_FAIL) {
    const passed = phase === STEP_PASS || phase === STEP_EXIT;
    const address = counters + 8 * step + (passed ? 4 : 0);
    b.i32(address);
    b.i32(address);
    b.memory(op.i32Load, 0, 2);
    b.i32(1);
    b.op(op.i32Add);
    b.memory(op.i32Store, 0, 2);
  }
}

export function watchExit(w: FunctionWriter, location: Location): void {
  const b = w.b;
  if (w.context.options.watch === undefined) return;
  b.get(w.result);
  b.op(op.i64Eqz);
  b.open(op.if);
  watchStep(w, location, STEP_FAIL);
  b.op(op.else);
  watchStep(w, location, STEP_EXIT);
  b.close();
}

export function watchCached(w: FunctionWriter): void {
  const location = w.ownLocation;
  if (location !== undefined) watchStep(w, location, STEP_CACHED);
}
