// Rules that conflict, where prints or marks tell: OPA's interpreter evaluates them again, up to one value of each definition that differs
// from the first one, to tell them all.

import type { Stmt } from "../plan/ir.ts";
import { conflictsFromHere, differsHere } from "../plan/marks.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { I32, op } from "./instructions.ts";

type AssignVarOnce = Extract<Stmt, { op: "AssignVarOnce" }>;

/** Code that is left out while the rule is evaluated again: what is remembered of it. */
export function unlessAgain(w: FunctionWriter, write: () => void): void {
  const [site] = w.conflicts?.values() ?? [];
  if (site === undefined) return write();
  w.b.i32(site);
  w.runtime("rt_collects");
  w.b.op(op.i32Eqz);
  w.b.open(op.if);
  write();
  w.b.close();
}

/** Before an assignment: where it conflicts, and no other rule is evaluated for that, the rule is evaluated again. Gives the local that says whether it does. */
export function evaluateAgain(w: FunctionWriter, { source, target }: AssignVarOnce): number {
  const { b, conflicts = new Map<Stmt, number>() } = w;
  const [first = 0] = conflicts.values();
  const differs = b.local(I32);
  w.get(target);
  b.op(op.i64Eqz, op.i32Eqz);
  w.get(target);
  w.operand(source);
  w.runtime("rt_equal");
  b.op(op.i32Eqz, op.i32And);
  b.tee(differs);
  w.runtime("rt_collecting");
  b.op(op.i32Eqz, op.i32And);
  b.open(op.if);
  collectAt(w, first, conflicts.size);
  b.i32(conflictsFromHere);
  w.runtime("rt_mark");
  for (const param of w.params) w.get(param);
  b.call(w.context.funcSymbols.get(w.funcName)!);
  b.op(op.drop);
  collectAt(w, 0, 0);
  b.close();
  return differs;
}

/** Behind it: of each definition one value that differs is enough. */
export function leaveConflicting(w: FunctionWriter, differs: number): void {
  w.b.get(differs);
  w.b.open(op.if);
  w.b.i32(differsHere);
  w.runtime("rt_mark");
  w.jump(w.blocks.length + w.outer);
  w.b.close();
}

function collectAt(w: FunctionWriter, from: number, count: number): void {
  w.b.i32(from);
  w.b.i32(count);
  w.runtime("rw_collect_conflicts");
}
