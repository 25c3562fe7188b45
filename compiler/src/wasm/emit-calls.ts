// Calls of rules, functions and builtins, and comparisons, which are calls in the plan.
import type { Operand, Stmt } from "../plan/ir.ts";
import { FALSE } from "./constants.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { I32, I64, op } from "./instructions.ts";

// A comparison whose result is only asked whether it is false: branch at once.
export function emitCondition(w: FunctionWriter, stmt: Stmt, next: Stmt): boolean {
  if (stmt.op !== "Call" || next.op !== "NotEqual" || w.context.funcSymbols.has(stmt.func)) return false;
  const isResult = (o: Operand) => o.kind === "local" && o.local === stmt.result;
  const isFalse = (o: Operand) => o.kind === "bool" && !o.value;
  if (!(isResult(next.a) && isFalse(next.b)) && !(isResult(next.b) && isFalse(next.a))) return false;
  if (w.facts.uses.get(stmt.result) !== 1 || !emitComparison(w, stmt.func, stmt.args)) return false;
  w.b.op(op.i32Eqz);
  w.undefined(op.brIf);
  return true;
}

export function emitCall(w: FunctionWriter, stmt: Extract<Stmt, { op: "Call" }>): void {
  const b = w.b;
  const func = w.context.funcSymbols.get(stmt.func);
  if (func !== undefined) {
    for (const arg of stmt.args) w.operand(arg);
    b.call(func);
  } else if (!emitComparison(w, stmt.func, stmt.args)) {
    const declared = w.context.builtins.get(stmt.func);
    if (declared?.void === true && w.context.options.build === "portable") {
      // Hosts of portable modules have no `print`.
      return;
    }
    emitBuiltin(w, stmt);
    if (declared?.void === true) {
      b.op(op.drop);
      return;
    }
  } else {
    b.op(op.i64ExtendI32U);
    b.i64(4n);
    b.op(op.i64Shl);
    b.i64(FALSE);
    b.op(op.i64Or);
    w.set(stmt.result);
    return;
  }
  b.tee(w.local(stmt.result));
  b.op(op.i64Eqz);
  w.undefined(op.brIf);
}

function emitBuiltin(w: FunctionWriter, stmt: Extract<Stmt, { op: "Call" }>): void {
  const b = w.b;
  b.i32(w.context.site(stmt.location, "builtin", stmt.func));
  b.globalSet(w.context.runtimeGlobal("call_site"));
  if (w.context.builtins.get(stmt.func)?.nondeterministic === true) b.varies = true;
  const native = w.context.nativeBuiltin(stmt.func);
  if (native !== undefined) {
    for (const arg of stmt.args) w.plainOperand(arg);
    b.call(native);
    return;
  }
  if (stmt.args.length > 4) throw new Error(`builtin ${stmt.func} has more than four arguments`);
  b.i32(w.context.hostBuiltin(stmt.func));
  for (const arg of stmt.args) w.plainOperand(arg);
  w.runtime(`rt_host${stmt.args.length}`);
}

// Comparisons and membership never fail: they leave 0 or 1.
function emitComparison(w: FunctionWriter, name: string, args: readonly Operand[]): boolean {
  const b = w.b;
  const operands = () => {
    for (const arg of args) w.operand(arg);
  };
  const orders: Readonly<Record<string, number>> = { lt: op.i32LtS, lte: op.i32LeS, gt: op.i32GtS, gte: op.i32GeS };
  const order = orders[name];
  if (order !== undefined && args.length === 2) {
    operands();
    w.runtime("rt_compare");
    b.i32(0);
    b.op(order);
  } else if ((name === "eq" || name === "equal" || name === "neq") && args.length === 2) {
    operands();
    w.runtime("rt_equal");
    if (name === "neq") b.op(op.i32Eqz);
  } else if (name === "internal.member_2") {
    operands();
    w.runtime("rt_member");
  } else if (name === "internal.member_3") {
    operands();
    w.runtime("rt_member_at");
  } else {
    return false;
  }
  return true;
}

// Not found: undefined in this block. Found but undefined: the reference as a whole is, four blocks out.
export function emitCallDynamic(w: FunctionWriter, stmt: Extract<Stmt, { op: "CallDynamic" }>): void {
  const b = w.b;
  const path = b.local();
  const slot = b.local(I32);
  b.i32(stmt.path.length);
  w.runtime("rt_array");
  b.set(path);
  for (const step of stmt.path) {
    b.get(path);
    w.operand(step);
    w.runtime("rt_array_append");
  }
  b.i64(w.context.trie);
  b.get(path);
  w.runtime("rt_find_function");
  b.tee(slot);
  b.i32(0);
  b.op(op.i32LtS);
  w.undefined(op.brIf);
  for (const arg of stmt.args) w.operand(arg);
  b.get(slot);
  b.callIndirect(w.context.types.indexOf({ params: stmt.args.map(() => I64), results: [I64] }));
  b.tee(w.local(stmt.result));
  b.op(op.i64Eqz);
  b.open(op.if);
  w.jump(4);
  b.close();
}
