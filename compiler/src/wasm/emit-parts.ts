// Calls of functions that go on at their first value: what follows the call is a part of its function, and a function of its own.
import type { Block, Local, Stmt } from "../plan/ir.ts";
import { comesBackAt, leavesAt } from "../plan/marks.ts";
import { nestedBlocks, readOperands, writtenLocals } from "../plan/statements.ts";
import { type FunctionWriter, LEFT, partType, RAN, ROOM } from "./function-writer.ts";
import { I32, I64, op } from "./instructions.ts";

type Call = Extract<Stmt, { op: "Call" }>;

/** A function begins that goes on with what its caller gives. */
export function takeNext(w: FunctionWriter): void {
  const { b } = w;
  const next = { slot: b.lasting(I32), room: b.lasting(I32) };
  w.next = next;
  b.globalGet(w.context.runtimeGlobal("next_slot"));
  b.set(next.slot);
  b.globalGet(w.context.runtimeGlobal("next_room"));
  b.set(next.room);
  b.i32(0);
  b.globalSet(w.context.runtimeGlobal("next_slot"));
}

/** Goes on with the first value, given at a site, where the caller has given something to go on with. */
export function goOn(w: FunctionWriter, site: number): void {
  const { b, next } = w;
  if (next === undefined) return;
  b.get(next.slot);
  // All values of the call that conflicts are wanted: the caller goes on behind them.
  b.i32(site);
  w.runtime("rt_collects");
  b.op(op.i32Eqz, op.i32Mul);
  b.open(op.if);
  b.get(next.room);
  b.get(w.result);
  b.memory(op.i64Store, ROOM.value, 3);
  markGoing(w, leavesAt);
  b.get(next.room);
  b.get(next.slot);
  b.i32(1);
  b.op(op.i32Sub);
  b.callIndirect(w.context.types.indexOf(partType));
  markGoing(w, comesBackAt);
  b.close();
}

/** Tells the host that the function goes on elsewhere, or comes back. */
function markGoing(w: FunctionWriter, numberOf: (begin: number) => number): void {
  const first = w.context.options.watch === "marks" ? w.context.funcsByName.get(w.funcName)?.blocks[0]?.stmts[0] : undefined;
  if (first?.op !== "Mark") return;
  w.b.i32(numberOf(first.mark));
  w.runtime("rt_mark");
}

/** A call, and what stands behind it: the function itself goes on with that, but for results that are known. */
export function emitCallAndBehind(w: FunctionWriter, stmt: Call, behind: Block): void {
  const { b, context } = w;
  const part = context.newPart(w.funcName);
  const shared = sharedLocals(w, behind, stmt.result);
  const writer = w.part();
  const place = placesIn(w, shared);
  writePart(w, writer, stmt, behind, place);
  context.finishPart(part, writer.b.finish(`${w.funcName.replace(/^g0\./, "")} behind`));

  const room = b.local(I32);
  b.i32(place.size);
  w.runtime("rt_room");
  b.set(room);
  const store = (local: number, offset: number, type: number): void => {
    b.get(room);
    b.get(local);
    b.memory(type === I32 ? op.i32Store : op.i64Store, offset, type === I32 ? 2 : 3);
  };
  if (w.result >= 0) store(w.result, ROOM.result, I64);
  if (w.key >= 0) store(w.key, ROOM.key, I64);
  if (w.next !== undefined) {
    store(w.next.slot, ROOM.slot, I32);
    store(w.next.room, ROOM.room, I32);
  }
  for (const [at, known] of w.known.entries()) store(known, place.known(at), I32);
  for (const [local, offset] of place.locals) store(w.local(local), offset, I64);
  b.i32(part.slot + 1);
  b.globalSet(context.runtimeGlobal("next_slot"));
  b.get(room);
  b.globalSet(context.runtimeGlobal("next_room"));
  for (const arg of stmt.args) w.operand(arg);
  b.call(context.funcSymbols.get(stmt.func)!);
  b.set(w.local(stmt.result));
  goOnBehind(w, part.symbol, room, w.local(stmt.result));

  for (const local of shared.written) {
    b.get(room);
    b.memory(op.i64Load, place.locals.get(local)!, 3);
    b.set(w.local(local));
  }
  endAsPart(w, writer.exits ?? new Set(), room);
}

/** The function has not gone on: its result was known, or it was to give all of its values first. */
function goOnBehind(w: FunctionWriter, part: number, room: number, result: number): void {
  const { b } = w;
  b.i32(0);
  b.globalSet(w.context.runtimeGlobal("next_slot"));
  b.get(result);
  b.op(op.i64Eqz, op.i32Eqz);
  b.get(room);
  b.memory(op.i64Load, ROOM.value, 3);
  b.op(op.i64Eqz, op.i32And);
  b.open(op.if);
  b.get(room);
  b.get(result);
  b.memory(op.i64Store, ROOM.value, 3);
  b.get(room);
  b.call(part);
  b.close();
}

function endAsPart(w: FunctionWriter, exits: ReadonlySet<number>, room: number): void {
  const { b } = w;
  const end = b.local(I32);
  b.get(room);
  b.memory(op.i32Load, ROOM.end, 2);
  b.tee(end);
  b.op(op.i32Eqz);
  w.undefined(op.brIf);
  for (const exit of exits) {
    b.get(end);
    b.i32(exit);
    b.op(op.i32Eq);
    b.open(op.if);
    if (exit === LEFT) {
      b.get(room);
      b.memory(op.i64Load, ROOM.result, 3);
      b.set(w.result);
      w.leave();
    } else w.jump(exit);
    b.close();
  }
}

function writePart(around: FunctionWriter, w: FunctionWriter, stmt: Call, behind: Block, place: Places): void {
  const { b } = w;
  const load = (offset: number, type: number): number => {
    const local = b.lasting(type);
    b.get(0);
    b.memory(type === I32 ? op.i32Load : op.i64Load, offset, type === I32 ? 2 : 3);
    b.set(local);
    return local;
  };
  if (around.result >= 0) w.result = load(ROOM.result, I64);
  w.resultSet = w.result;
  if (around.key >= 0) w.key = load(ROOM.key, I64);
  if (around.next !== undefined) w.next = { slot: load(ROOM.slot, I32), room: load(ROOM.room, I32) };
  w.known = around.known.map((_, at) => load(place.known(at), I32));
  for (const [local, offset] of place.locals) w.locals.set(local, load(offset, I64));
  w.locals.set(stmt.result, load(ROOM.value, I64));
  w.returnLabel = b.open(op.block);
  w.behind(stmt.location, behind);
  b.get(0);
  b.i32(RAN);
  b.memory(op.i32Store, ROOM.end, 2);
  b.close();
  if (w.exits?.has(LEFT) === true) {
    b.get(0);
    b.get(w.result);
    b.memory(op.i64Store, ROOM.result, 3);
  }
  for (const local of place.written) {
    b.get(0);
    b.get(w.local(local));
    b.memory(op.i64Store, place.locals.get(local)!, 3);
  }
}

interface Shared {
  readonly locals: readonly Local[];
  /** Those that the part may change. */
  readonly written: readonly Local[];
}

interface Places {
  readonly size: number;
  readonly locals: ReadonlyMap<Local, number>;
  readonly written: readonly Local[];
  readonly known: (at: number) => number;
}

function placesIn(w: FunctionWriter, { locals, written }: Shared): Places {
  const first = ROOM.more + ((4 * w.known.length + 7) & ~7);
  return {
    size: first + 8 * locals.length,
    locals: new Map(locals.map((local, at) => [local, first + 8 * at])),
    written,
    known: (at) => ROOM.more + 4 * at,
  };
}

/** The locals of a part that its function uses elsewhere, too; but for the result of the call. */
function sharedLocals({ facts, params, conflicts }: FunctionWriter, behind: Block, result: Local): Shared {
  const times = new Map<Local, number>();
  const written = new Set<Local>();
  const count = (local: Local): unknown => times.set(local, (times.get(local) ?? 0) + 1);
  const look = ({ stmts }: Block): void => {
    for (const stmt of stmts) {
      for (const local of writtenLocals(stmt)) {
        count(local);
        // What \`with\` changes it puts back.
        if (stmt.op !== "With") written.add(local);
      }
      for (const read of readOperands(stmt)) {
        if (typeof read === "number") count(read);
        else if (read.kind === "local") count(read.local);
      }
      // The rule may be evaluated again.
      if (conflicts?.has(stmt) === true) for (const param of params) count(param);
      for (const inner of nestedBlocks(stmt)) look(inner);
    }
  };
  look(behind);
  const everywhere = (local: Local): number => (facts.definitions.get(local) ?? 0) + (facts.uses.get(local) ?? 0);
  const locals = [...times.keys()].filter(
    (local) => local !== result && (params.includes(local) || everywhere(local) > times.get(local)!),
  );
  return { locals, written: locals.filter((local) => written.has(local)) };
}
