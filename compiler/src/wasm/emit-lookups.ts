// Looking into documents, and tests of values.
import type { Operand, Stmt } from "../plan/ir.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { hashString } from "./hash.ts";
import { op } from "./instructions.ts";

export function emitDot(w: FunctionWriter, stmt: Extract<Stmt, { op: "Dot" }>): void {
  const b = w.b;
  const path = w.facts.kept.get(stmt);
  const target = w.local(stmt.target);
  if (path === undefined) {
    emitLookUp(w, stmt);
    b.tee(target);
  } else {
    let kept = w.keptPaths.get(path);
    if (kept === undefined) {
      kept = b.lasting();
      w.keptPaths.set(path, kept);
    }
    b.get(kept);
    b.op(op.i64Eqz);
    b.open(op.if);
    emitLookUp(w, stmt);
    b.set(kept);
    b.close();
    b.get(kept);
    b.tee(target);
  }
  b.op(op.i64Eqz);
  w.undefined(op.brIf);
}

function emitLookUp(w: FunctionWriter, stmt: Extract<Stmt, { op: "Dot" }>): void {
  w.operand(stmt.source);
  w.operand(stmt.key);
  if (stmt.base === true) {
    w.runtime("rt_base_lookup");
  } else if (stmt.key.kind === "string") {
    w.b.i64(hashString(w.context.plan.strings[stmt.key.index] ?? ""));
    w.runtime("rt_field");
  } else {
    w.runtime("rt_lookup");
  }
}

// Undefined unless the operands are equal (or, `equal` true, unless they differ).
export function emitComparisonOf(w: FunctionWriter, x: Operand, y: Operand, equal: boolean): void {
  const b = w.b;
  w.operand(x);
  w.operand(y);
  // Booleans have one word each.
  if (x.kind === "bool" || y.kind === "bool") {
    b.op(equal ? op.i64Eq : op.i64Ne);
  } else {
    w.runtime("rt_equal");
    if (!equal) b.op(op.i32Eqz);
  }
  w.undefined(op.brIf);
}

export function emitTagTest(w: FunctionWriter, source: Operand, tag: number): void {
  w.operand(source);
  w.b.op(op.i32WrapI64);
  w.b.i32(15);
  w.b.op(op.i32And);
  w.b.i32(tag);
  w.b.op(op.i32Ne);
  w.undefined(op.brIf);
}
