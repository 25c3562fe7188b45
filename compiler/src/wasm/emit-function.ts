// One plan function or entrypoint as a Wasm function. Locals hold value words (i64), 0 is undefined. Every plan block is a
// Wasm block: an undefined statement branches to its end.
import type { Block, Entrypoint, Func, Local, Location, Stmt } from "../plan/ir.ts";
import { localsOf } from "../plan/statements.ts";
import type { GeneratedFunction } from "./code-builder.ts";
import { constantWord } from "./constant-terms.ts";
import { NULL, TAG_ARRAY, TAG_OBJECT, TAG_SET, UNDEFINED } from "./constants.ts";
import { emitCall, emitCallDynamic, emitCondition } from "./emit-calls.ts";
import { evaluateAgain, leaveConflicting, unlessAgain } from "./emit-conflicts.ts";
import type { EmitContext } from "./emit-context.ts";
import { emitNot, emitScan, emitWith } from "./emit-control.ts";
import { emitComparisonOf, emitDot, emitTagTest } from "./emit-lookups.ts";
import {
  answerFromExtent,
  answerFromFewer,
  answerFromMemo,
  emitOnce,
  recall,
  recallDocument,
  recallEqual,
  recallSpelled,
  remember,
  rememberFound,
  rememberSpelled,
  resultOrUndefined,
} from "./emit-memo.ts";
import { emitCallAndBehind, goOn, takeNext } from "./emit-parts.ts";
import { emitMark, watchExit, watchStep } from "./emit-watch.ts";
import { FunctionWriter } from "./function-writer.ts";
import { op } from "./instructions.ts";

type AssignVarOnce = Extract<Stmt, { op: "AssignVarOnce" }>;

/** Statements that stand for nothing in the source. */
const BOOKKEEPING: ReadonlySet<Stmt["op"]> = new Set(["IsDefined", "IsUndefined", "Mark", "Nop", "ResetLocal", "ReturnLocal"]);

/** From here on blocks share their locals: engines take time for each block by the number of locals. */
const manyBlocks = 8;

/** Emits a plan function; rules without arguments keep their result in a memo slot. */
export function emitFunc(context: EmitContext, func: Func): GeneratedFunction {
  const emitter = new FunctionEmitter(context, func.params, func);
  return emitter.emitRule(func);
}

/** Emits an entrypoint: input and data to the set of results. */
export function emitEntrypoint(context: EmitContext, entrypoint: Entrypoint): GeneratedFunction {
  const emitter = new FunctionEmitter(context, [0, 1], entrypoint);
  return emitter.emitEntry(entrypoint);
}

class FunctionEmitter extends FunctionWriter {
  /** The place of the statement around the block at hand: what goes on there is not reached once more. */
  private within: Location | undefined;
  private readonly source: Func | Entrypoint;

  constructor(context: EmitContext, params: readonly Local[], source: Func | Entrypoint, around?: FunctionWriter) {
    super(context, params, source, around);
    this.source = source;
  }

  emitRule(func: Func): GeneratedFunction {
    const b = this.b;
    const slot = this.context.memoSlots.get(func.name);
    this.result = b.local();
    this.countFuel();
    const args = func.params.length - 2;
    const key = slot === undefined || args === 0 ? -1 : b.local();
    this.key = key;
    unlessAgain(this, () => this.answerIfKnown(func, slot, key));
    const location = this.ownLocation;
    if (func.goesOn === true) takeNext(this);
    if (location !== undefined) watchStep(this, location, "enter");
    this.returnLabel = b.open(op.block);
    this.regions(func.blocks);
    b.close();
    if (location !== undefined) watchExit(this, location);
    this.keepResult();
    b.get(this.result);
    const place = location === undefined ? "" : ` (${this.context.file(location)}:${location.row})`;
    return b.finish(`${func.name.replace(/^g0\./, "")}${place}`);
  }

  /** Returns what is remembered for the arguments. */
  private answerIfKnown(func: Func, slot: number | undefined, key: number): void {
    const args = func.params.length - 2;
    if (func.keyed !== undefined) answerFromExtent(this, func.keyed, key, args);
    const remembering = this.context.remembering.get(func.name);
    if (remembering === "found" && func.keyed !== undefined) answerFromFewer(this, func.keyed, key, args);
    if (remembering === "spelled") recallSpelled(this, slot!, key, args);
    else if (remembering === "worthwhile") recall(this, slot!, key, args);
    else if (isDocument(func) && remembering === "exactly") recallDocument(this, slot!, key, args);
    else if (remembering === "exactly" || remembering === "found")
      recallEqual(this, slot!, key, this.context.sharesResults(func) ? { args: args - 1, wanted: args + 1 } : { args });
    else if (slot !== undefined) answerFromMemo(this, slot);
  }

  /** Keeps the result for those who ask again. */
  private keepResult(): void {
    const { b } = this;
    const func = this.context.funcsByName.get(this.funcName);
    const slot = this.context.memoSlots.get(this.funcName);
    const remembering = this.context.remembering.get(this.funcName);
    if (func === undefined || slot === undefined) return;
    if (remembering === "spelled") rememberSpelled(this, slot, this.key);
    else if (remembering === "found" && func.keyed !== undefined) rememberFound(this, slot, this.key, func.keyed);
    else if (this.key >= 0) remember(this, slot, this.key, isDocument(func) && remembering === "exactly");
    else {
      b.globalGet(this.context.runtimeGlobal("memo_base"));
      resultOrUndefined(this);
      b.memory(op.i64Store, slot * 8, 3);
    }
  }

  part(): FunctionEmitter {
    return new FunctionEmitter(this.context, this.params, this.source, this);
  }

  emitEntry(entrypoint: Entrypoint): GeneratedFunction {
    const b = this.b;
    this.resultSet = b.local();
    this.result = this.resultSet;
    this.runtime("rt_set");
    b.set(this.resultSet);
    this.returnLabel = b.open(op.block);
    this.regions(entrypoint.blocks);
    b.close();
    b.get(this.resultSet);
    return b.finish(`entrypoint ${entrypoint.name}`);
  }

  /** One rule after the other: what only one of them uses makes room for the next. */
  private regions(blocks: readonly Block[]): void {
    // Nothing is behind the only one that could use its room.
    if (blocks.length === 1) return this.b.region(() => this.block(blocks[0]!));
    const owners = new Map<Local, Block | undefined>();
    for (const block of blocks) {
      for (const local of this.facts.locals.get(block) ?? localsOf(block)) {
        if (!this.locals.has(local)) owners.set(local, owners.has(local) && owners.get(local) !== block ? undefined : block);
      }
    }
    const own = new Map<Block, Local[]>();
    for (const [local, block] of owners) {
      if (block === undefined) this.local(local);
      else {
        const locals = own.get(block) ?? [];
        own.set(block, locals);
        locals.push(local);
      }
    }
    for (const block of blocks) {
      this.b.region(() => this.block(block));
      for (const local of own.get(block) ?? []) this.locals.delete(local);
    }
  }

  /** The statements of a part, which stand behind one at a place. */
  behind(location: Location, { stmts }: Block): void {
    const following = stmts.find(isStep);
    if (this.context.options.watch === "counts" && !samePlace(location, following?.location)) watchStep(this, location, "pass");
    this.within = location;
    this.statements(stmts);
  }

  statements(stmts: readonly Stmt[]): void {
    if (this.context.options.watch === "counts") {
      this.countedStatements(stmts);
      return;
    }
    for (let i = 0; i < stmts.length; i++) {
      const stmt = stmts[i]!;
      const next = stmts[i + 1];
      if (next !== undefined && emitCondition(this, stmt, next)) i++;
      else this.stmt(stmt);
    }
  }

  private countedStatements(stmts: readonly Stmt[]): void {
    const { within } = this;
    let before = within;
    for (let i = 0; i < stmts.length; i++) {
      const stmt = stmts[i]!;
      const next = stmts[i + 1];
      const step = isStep(stmt);
      if (step && !samePlace(stmt.location, before)) watchStep(this, stmt.location, "reach");
      this.within = step ? stmt.location : within;
      // What is tried at a place of its own is counted there.
      const isOne = next !== undefined && (!isStep(next) || samePlace(stmt.location, next.location));
      if (isOne && emitCondition(this, stmt, next)) i++;
      else this.stmt(stmt);
      this.within = within;
      if (!step) continue;
      before = stmt.location;
      // What follows stands inside it.
      if (stmt.op === "Call" && stmt.behind !== undefined) continue;
      let following = i + 1;
      while (following < stmts.length && !isStep(stmts[following]!)) following++;
      if (!samePlace(stmt.location, stmts[following]?.location)) watchStep(this, stmt.location, "pass");
    }
  }

  /** Gives the site of the assignment. */
  private assignOnce(stmt: AssignVarOnce): number {
    const { source, target, location } = stmt;
    const known = this.conflicts?.get(stmt);
    const differs = known === undefined ? undefined : evaluateAgain(this, stmt);
    this.get(target);
    this.operand(source);
    const site = this.conflictPlace(location, this.kindOfRule(), known);
    this.runtime("rt_assign_once");
    this.set(target);
    if (differs !== undefined) leaveConflicting(this, differs);
    return site;
  }

  /** The first value of a function that goes on with it, or another one. */
  private firstOrEqual(stmt: AssignVarOnce): void {
    const { b } = this;
    this.get(stmt.target);
    b.op(op.i64Eqz);
    const site = this.assignOnce(stmt);
    b.open(op.if);
    this.get(stmt.target);
    b.set(this.result);
    this.keepResult();
    goOn(this, site);
    b.close();
  }

  private stmt(stmt: Stmt): void {
    const b = this.b;
    if (this.constantTerms.skipped.has(stmt)) return;
    const ready = this.constantTerms.ready.get(stmt);
    if (ready !== undefined) {
      b.i64(constantWord(this.context.constants, ready.term));
      this.set(ready.target);
      return;
    }
    switch (stmt.op) {
      case "ArrayAppend":
        this.get(stmt.array);
        this.plainOperand(stmt.value);
        this.runtime("rt_array_append");
        return;
      case "AsWhole":
        this.plainOperand(stmt.source);
        this.runtime("rt_whole");
        this.set(stmt.target);
        return;
      case "AsWritten":
        this.operand(stmt.source);
        this.get(stmt.order);
        this.runtime("rt_as_written");
        this.set(stmt.target);
        return;
      case "AssignInt":
      case "MakeNumberInt":
        b.i64(this.context.constants.integer(stmt.value));
        this.set(stmt.target);
        return;
      case "AssignVar":
        this.operand(stmt.source);
        this.set(stmt.target);
        return;
      case "AssignVarOnce":
        if (this.next !== undefined && stmt.target === this.context.funcsByName.get(this.funcName)?.result) {
          this.firstOrEqual(stmt);
          return;
        }
        this.assignOnce(stmt);
        return;
      case "BadPath":
        this.conflictPlace(stmt.location, "path");
        this.runtime("rt_bad_path");
        return;
      case "Block":
        if (stmt.once !== undefined) return emitOnce(this, stmt, stmt.once);
        if (stmt.blocks.length < manyBlocks) for (const block of stmt.blocks) this.block(block);
        else this.regions(stmt.blocks);
        return;
      case "Break":
        this.jump(stmt.index + 1);
        return;
      case "Call":
        if (stmt.behind === undefined) emitCall(this, stmt);
        else emitCallAndBehind(this, stmt, stmt.behind);
        return;
      case "CallDynamic":
        emitCallDynamic(this, stmt);
        return;
      case "Dot":
        emitDot(this, stmt);
        return;
      case "Equal":
        emitComparisonOf(this, stmt.a, stmt.b, false);
        return;
      case "NotEqual":
        emitComparisonOf(this, stmt.a, stmt.b, true);
        return;
      case "IsArray":
        emitTagTest(this, stmt.source, TAG_ARRAY);
        return;
      case "IsObject":
        emitTagTest(this, stmt.source, TAG_OBJECT);
        return;
      case "IsSet":
        emitTagTest(this, stmt.source, TAG_SET);
        return;
      case "IsDefined":
        this.get(stmt.source);
        b.op(op.i64Eqz);
        this.undefined(op.brIf);
        return;
      case "IsUndefined":
        this.get(stmt.source);
        b.op(op.i64Eqz, op.i32Eqz);
        this.undefined(op.brIf);
        return;
      case "Len":
        this.operand(stmt.source);
        this.runtime("rt_length");
        this.set(stmt.target);
        return;
      case "MakeArray":
        b.i32(stmt.capacity);
        this.runtime("rt_array");
        this.set(stmt.target);
        return;
      case "MakeNull":
        b.i64(NULL);
        this.set(stmt.target);
        return;
      case "MakeNumberRef":
        b.i64(this.context.constants.number(this.context.plan.strings[stmt.index] ?? "0"));
        this.set(stmt.target);
        return;
      case "MakeObject":
        this.runtime("rt_object");
        this.set(stmt.target);
        return;
      case "MakeSet":
        this.runtime("rt_set");
        this.set(stmt.target);
        return;
      case "Mark":
        emitMark(this, stmt);
        return;
      case "Nop":
        return;
      case "Not":
        emitNot(this, stmt.block);
        return;
      case "ObjectInsert":
        this.get(stmt.object);
        this.plainOperand(stmt.key);
        this.plainOperand(stmt.value);
        this.runtime("rt_object_insert");
        return;
      case "ObjectInsertOnce":
        this.get(stmt.object);
        this.plainOperand(stmt.key);
        this.plainOperand(stmt.value);
        this.conflictPlace(stmt.location, "object");
        this.runtime("rt_object_insert_once");
        return;
      case "ObjectMerge":
        this.get(stmt.a);
        this.get(stmt.b);
        this.runtime("rt_merge");
        this.set(stmt.target);
        return;
      case "ResetLocal":
        b.i64(UNDEFINED);
        this.set(stmt.target);
        return;
      case "ResultSetAdd":
        b.get(this.resultSet);
        this.get(stmt.value);
        this.runtime("rt_set_add");
        return;
      case "ReturnLocal":
        this.get(stmt.source);
        b.set(this.result);
        this.leave();
        return;
      case "Scan":
        emitScan(this, stmt);
        return;
      case "SetAdd":
        this.get(stmt.set);
        this.plainOperand(stmt.value);
        this.runtime("rt_set_add");
        return;
      case "With":
        emitWith(this, stmt);
        return;
      default:
        stmt satisfies never;
    }
  }
}

/** A rule that has parameters for replaced functions alone: that it is undefined is remembered, too, as that of other rules. */
function isDocument({ arity, keyed }: Func): boolean {
  return arity === 0 && keyed === undefined;
}

function isStep(stmt: Stmt): boolean {
  return !BOOKKEEPING.has(stmt.op);
}

function samePlace(a: Location, b: Location | undefined): boolean {
  return (
    b !== undefined && a.file === b.file && a.row === b.row && a.col === b.col && a.endRow === b.endRow && a.endCol === b.endCol
  );
}
