// Statements with a block of their own: `not`, loops, `with`.
import type { Block, Stmt } from "../plan/ir.ts";
import { TAG_ARRAY, TAG_INTEGER, TAG_OBJECT } from "./constants.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { I32, op } from "./instructions.ts";

export function emitNot(w: FunctionWriter, block: Block): void {
  const b = w.b;
  const failed = b.open(op.block);
  const label = b.open(op.block);
  w.blocks.push({ label });
  w.statements(block.stmts);
  w.blocks.pop();
  // The block ran to its end: the statement is undefined.
  w.undefined(op.br);
  b.close();
  b.branch(op.br, failed);
  b.close();
}

export function emitScan(w: FunctionWriter, stmt: Extract<Stmt, { op: "Scan" }>): void {
  const b = w.b;
  const source = w.local(stmt.source);
  const key = w.local(stmt.key);
  const value = w.local(stmt.value);
  const item = b.local(I32);
  const left = b.local(I32);
  const stride = b.local(I32);
  const position = b.local();
  b.get(source);
  w.runtime("rt_scan_items");
  b.set(item);
  b.get(source);
  w.runtime("rt_scan_count");
  b.set(left);
  // Objects have pairs of 16 bytes, whose second word is the value.
  b.i32(16);
  b.i32(8);
  w.tagOf(source);
  b.i32(TAG_OBJECT);
  b.op(op.i32Eq, op.select);
  b.set(stride);
  b.i64(BigInt(TAG_INTEGER));
  b.set(position);
  const exit = b.open(op.block);
  const loop = b.open(op.loop);
  b.get(left);
  b.op(op.i32Eqz);
  b.branch(op.brIf, exit);
  w.countFuel();
  b.get(item);
  b.get(stride);
  b.op(op.i32Add);
  b.i32(8);
  b.op(op.i32Sub);
  b.memory(op.i64Load, 0, 3);
  b.set(value);
  // The key of an array's element is its position.
  b.get(position);
  b.get(item);
  b.memory(op.i64Load, 0, 3);
  w.tagOf(source);
  b.i32(TAG_ARRAY);
  b.op(op.i32Eq, op.select);
  b.set(key);
  b.get(item);
  b.get(stride);
  b.op(op.i32Add);
  b.set(item);
  b.get(left);
  b.i32(1);
  b.op(op.i32Sub);
  b.set(left);
  b.get(position);
  b.i64(16n);
  b.op(op.i64Add);
  b.set(position);
  w.block(stmt.block);
  b.branch(op.br, loop);
  b.close();
  b.close();
}

export function emitWith(w: FunctionWriter, stmt: Extract<Stmt, { op: "With" }>): void {
  const b = w.b;
  if (stmt.telling === true && !w.context.tells) {
    w.blocks.push({ label: w.blocks.at(-1)?.label ?? w.returnLabel });
    w.statements(stmt.block.stmts);
    w.blocks.pop();
    return;
  }
  const changed = w.local(stmt.local);
  const saved = b.local();
  const savedMemo = b.local(I32);
  const failed = b.local(I32);
  const memo = w.context.runtimeGlobal("memo_base");
  b.get(changed);
  b.set(saved);
  b.globalGet(memo);
  b.set(savedMemo);
  const path = w.context.constants.words(stmt.path.map((index) => w.context.string(index)));
  b.get(changed);
  b.i32(path);
  b.i32(stmt.path.length);
  w.plainOperand(stmt.value);
  w.runtime("rt_with");
  b.set(changed);
  const { known } = w;
  if (stmt.leaves === undefined) {
    b.i32(w.context.memory.memoSlots);
    w.runtime("rt_memo_new");
    b.globalSet(memo);
    w.known = [...known, savedMemo];
  } else if (stmt.leaves > 0) {
    const outer = known.length - stmt.leaves;
    b.get(known[outer]!);
    b.globalSet(memo);
    w.known = known.slice(0, outer);
  }
  b.i32(1);
  b.set(failed);
  const undo = () => {
    b.get(saved);
    b.set(changed);
    // What OPA's interpreter has found inside is forgotten when it comes back from what follows.
    if (w.context.tells && stmt.leaves !== undefined && stmt.leaves > 0) {
      b.i32(w.context.memory.memoSlots);
      w.runtime("rt_memo_new");
    } else b.get(savedMemo);
    b.globalSet(memo);
  };
  const label = b.open(op.block);
  w.blocks.push({ label, undo });
  w.statements(stmt.block.stmts);
  w.blocks.pop();
  w.known = known;
  b.i32(0);
  b.set(failed);
  b.close();
  undo();
  b.get(failed);
  w.undefined(op.brIf);
}
