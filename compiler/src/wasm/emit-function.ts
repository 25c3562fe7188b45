// One plan function or entrypoint as a Wasm function. Locals hold value words (i64), 0 is undefined. Every plan block is a
// Wasm block: an undefined statement branches to its end.

import type { Block, Entrypoint, Func, Keyed, Local, Location, Operand, SourceVariable, Stmt } from "../plan/ir.ts";
import { localsOf } from "../plan/statements.ts";
import { STEP_CACHED, STEP_ENTER, STEP_EXIT, STEP_FAIL, STEP_PASS, STEP_REACH } from "./abi.ts";
import { CodeBuilder, type GeneratedFunction } from "./code-builder.ts";
import { type ConstantTerms, constantTerms, constantWord } from "./constant-terms.ts";
import { FALSE, MEMO_UNDEFINED, NULL, TAG_ARRAY, TAG_INTEGER, TAG_OBJECT, TAG_SET, TRUE, UNDEFINED } from "./constants.ts";
import type { EmitContext } from "./emit-context.ts";
import { type FunctionFacts, functionFacts } from "./function-facts.ts";
import { hashString } from "./hash.ts";
import { I32, I64, op } from "./instructions.ts";

/** An open plan block: where undefined leads, and what must be undone when a jump crosses it. */
interface OpenBlock {
  readonly label: number;
  readonly undo?: () => void;
}

/** Statements that stand for nothing in the source. */
const BOOKKEEPING: ReadonlySet<Stmt["op"]> = new Set(["IsDefined", "IsUndefined", "Nop", "ResetLocal", "ReturnLocal"]);

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

class FunctionEmitter {
  readonly #context: EmitContext;
  readonly #b: CodeBuilder;
  readonly #funcName: string;
  readonly #locals = new Map<Local, number>();
  readonly #blocks: OpenBlock[] = [];
  readonly #facts: FunctionFacts;
  readonly #constantTerms: ConstantTerms;
  /** Locals that keep the documents at constant paths. */
  readonly #keptPaths = new Map<string, number>();
  readonly #ownLocation: Location | undefined;
  readonly #vars: readonly SourceVariable[];
  readonly #steps = new Map<string, number>();
  #result = -1;
  #resultSet = -1;
  #returnLabel = 0;

  constructor(context: EmitContext, params: readonly Local[], source: Func | Entrypoint) {
    const funcName = "path" in source ? source.name : "";
    this.#facts = functionFacts(context.plan, source.blocks);
    this.#constantTerms = constantTerms(context.plan, source.blocks, source.vars ?? []);
    this.#vars = source.vars ?? [];
    this.#ownLocation = firstLocation(source.blocks);
    this.#context = context;
    this.#funcName = funcName;
    this.#b = new CodeBuilder({ params: params.map(() => I64), results: [I64] });
    for (const [i, param] of params.entries()) this.#locals.set(param, i);
  }

  emitRule(func: Func): GeneratedFunction {
    const b = this.#b;
    const slot = this.#context.memoSlots.get(func.name);
    this.#result = b.local();
    this.#countFuel();
    const args = func.params.length - 2;
    const key = slot === undefined || args === 0 ? -1 : b.local();
    if (func.keyed !== undefined) this.#answerFromExtent(func.keyed, args);
    if (key >= 0) this.#recall(slot!, key, args, func.keyed !== undefined);
    else if (slot !== undefined) this.#answerFromMemo(slot);
    const location = this.#ownLocation;
    if (location !== undefined) this.#watch(location, STEP_ENTER);
    this.#returnLabel = b.open(op.block);
    this.#regions(func.blocks);
    b.close();
    if (location !== undefined) this.#watchExit(location);
    if (key >= 0) {
      b.i32(slot!);
      b.get(key);
      b.get(this.#result);
      this.#runtime("rt_remember");
    } else if (slot !== undefined) {
      b.globalGet(this.#context.runtimeGlobal("memo_base"));
      b.get(this.#result);
      b.i64(MEMO_UNDEFINED);
      b.get(this.#result);
      b.op(op.i64Eqz, op.i32Eqz, op.select);
      b.memory(op.i64Store, slot * 8, 3);
    }
    b.get(this.#result);
    const place = location === undefined ? "" : ` (${this.#context.file(location)}:${location.row})`;
    return b.finish(`${func.name.replace(/^g0\./, "")}${place}`);
  }

  emitEntry(entrypoint: Entrypoint): GeneratedFunction {
    const b = this.#b;
    this.#resultSet = b.local();
    this.#result = this.#resultSet;
    this.#runtime("rt_set");
    b.set(this.#resultSet);
    this.#returnLabel = b.open(op.block);
    this.#regions(entrypoint.blocks);
    b.close();
    b.get(this.#resultSet);
    return b.finish(`entrypoint ${entrypoint.name}`);
  }

  #answerFromMemo(slot: number): void {
    const b = this.#b;
    b.globalGet(this.#context.runtimeGlobal("memo_base"));
    b.memory(op.i64Load, slot * 8, 3);
    b.tee(this.#result);
    b.op(op.i64Eqz, op.i32Eqz);
    b.open(op.if);
    this.#watchCached();
    b.get(this.#result);
    b.i64(0n);
    b.get(this.#result);
    b.i64(MEMO_UNDEFINED);
    b.op(op.i64Ne, op.select, op.return);
    b.close();
  }

  /** A partial rule asked for keys whose extent is known already. */
  #answerFromExtent({ extent, value }: Keyed, args: number): void {
    const b = this.#b;
    const slot = this.#context.memoSlots.get(extent);
    // Replaced functions travel as parameters: then the slot holds results by argument.
    if (slot === undefined || this.#context.funcsByName.get(extent)?.params.length !== 2) return;
    b.globalGet(this.#context.runtimeGlobal("memo_base"));
    b.memory(op.i64Load, slot * 8, 3);
    b.tee(this.#result);
    b.op(op.i64Eqz, op.i32Eqz);
    b.open(op.if);
    this.#watchCached();
    b.get(this.#result);
    for (let i = 0; value && i < args; i++) {
      b.get(2 + i);
      this.#runtime("rt_lookup");
    }
    b.op(op.return);
    b.close();
  }

  #recall(slot: number, key: number, args: number, anyKey: boolean): void {
    const b = this.#b;
    if (!anyKey) {
      for (let i = 0; i < args; i++) b.get(2 + i);
      this.#runtime(`rt_key${args}`);
      b.set(key);
    } else if (args === 1) {
      b.get(2);
      b.set(key);
    } else {
      b.i32(args);
      this.#runtime("rt_array");
      b.set(key);
      for (let i = 0; i < args; i++) {
        b.get(key);
        b.get(2 + i);
        this.#runtime("rt_array_append");
      }
    }
    b.i32(slot);
    b.get(key);
    this.#runtime("rt_recall");
    b.tee(this.#result);
    b.op(op.i64Eqz, op.i32Eqz);
    b.open(op.if);
    this.#watchCached();
    b.get(this.#result);
    b.op(op.return);
    b.close();
  }

  #stepAt(location: Location, whole: boolean): number {
    const key = `${whole}:${location.file}:${location.row}:${location.col}:${location.endRow}:${location.endCol}`;
    let step = this.#steps.get(key);
    if (step === undefined) {
      step = this.#context.step(location, this.#funcName, whole);
      this.#steps.set(key, step);
    }
    return step;
  }

  #watch(location: Location, phase: number): void {
    const b = this.#b;
    const { counters, frame } = this.#context;
    const { watch } = this.#context.options;
    if (watch === undefined || location.row === 0) return;
    const step = this.#stepAt(location, phase !== STEP_REACH && phase !== STEP_PASS);
    if (watch === "events") {
      for (const [i, variable] of this.#vars.entries()) {
        b.i32(frame + 8 * i);
        this.#get(variable.local);
        b.memory(op.i64Store, 0, 3);
      }
      b.i32(step);
      b.i32(phase);
      this.#runtime("rt_step");
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

  #watchExit(location: Location): void {
    const b = this.#b;
    if (this.#context.options.watch === undefined) return;
    b.get(this.#result);
    b.op(op.i64Eqz);
    b.open(op.if);
    this.#watch(location, STEP_FAIL);
    b.op(op.else);
    this.#watch(location, STEP_EXIT);
    b.close();
  }

  #watchCached(): void {
    const location = this.#ownLocation;
    if (location !== undefined) this.#watch(location, STEP_CACHED);
  }

  // A limit for editors: every loop step and every call of a rule takes one.
  #countFuel(): void {
    if (this.#context.options.build !== "editor") return;
    const b = this.#b;
    const fuel = this.#context.runtimeGlobal("fuel");
    b.globalGet(fuel);
    b.i64(1n);
    b.op(op.i64Sub);
    b.globalSet(fuel);
    b.globalGet(fuel);
    b.i64(0n);
    b.op(op.i64LtS);
    b.open(op.if);
    this.#runtime("rt_out_of_fuel");
    b.close();
  }

  #runtime(name: string): void {
    this.#b.call(this.#context.runtimeFunction(name));
  }

  #local(local: Local): number {
    let index = this.#locals.get(local);
    if (index === undefined) {
      index = this.#b.local();
      this.#locals.set(local, index);
    }
    return index;
  }

  #operand(operand: Operand): void {
    switch (operand.kind) {
      case "local":
        this.#b.get(this.#local(operand.local));
        return;
      case "bool":
        this.#b.i64(operand.value ? TRUE : FALSE);
        return;
      case "string":
        this.#b.i64(this.#context.string(operand.index));
        return;
      default:
        operand satisfies never;
    }
  }

  #get(local: Local): void {
    this.#b.get(this.#local(local));
  }

  #set(local: Local): void {
    this.#b.set(this.#local(local));
  }

  #undefined(code: number): void {
    this.#b.branch(code, this.#blocks.at(-1)?.label ?? this.#returnLabel);
  }

  #jump(levels: number): void {
    const target = this.#blocks.length - levels;
    for (let i = this.#blocks.length - 1; i >= Math.max(target, 0); i--) this.#blocks[i]!.undo?.();
    this.#b.branch(op.br, this.#blocks[target]?.label ?? this.#returnLabel);
  }

  /** One rule after the other: what only one of them uses makes room for the next. */
  #regions(blocks: readonly Block[]): void {
    // Watched functions show all variables at every step.
    if (this.#context.options.watch === "events") {
      for (const block of blocks) this.#block(block);
      return;
    }
    const owners = new Map<Local, Block | undefined>();
    for (const block of blocks) {
      for (const local of localsOf(block)) {
        if (!this.#locals.has(local)) owners.set(local, owners.has(local) && owners.get(local) !== block ? undefined : block);
      }
    }
    const own = new Map<Block, Local[]>();
    for (const [local, block] of owners) {
      if (block === undefined) this.#local(local);
      else {
        const locals = own.get(block) ?? [];
        own.set(block, locals);
        locals.push(local);
      }
    }
    for (const block of blocks) {
      this.#b.region(() => this.#block(block));
      for (const local of own.get(block) ?? []) this.#locals.delete(local);
    }
  }

  #block(block: Block, undo?: () => void): void {
    const label = this.#b.open(op.block);
    this.#blocks.push(undo === undefined ? { label } : { label, undo });
    this.#statements(block.stmts);
    this.#blocks.pop();
    this.#b.close();
  }

  #statements(stmts: readonly Stmt[]): void {
    let before: Location | undefined;
    for (let i = 0; i < stmts.length; i++) {
      const stmt = stmts[i]!;
      const next = stmts[i + 1];
      const step = isStep(stmt);
      if (step && !samePlace(stmt.location, before)) this.#watch(stmt.location, STEP_REACH);
      if (next !== undefined && this.#condition(stmt, next)) i++;
      else this.#stmt(stmt);
      if (!step) continue;
      before = stmt.location;
      let following = i + 1;
      while (following < stmts.length && !isStep(stmts[following]!)) following++;
      if (!samePlace(stmt.location, stmts[following]?.location)) this.#watch(stmt.location, STEP_PASS);
    }
  }

  // A comparison whose result is only asked whether it is false: branch at once.
  #condition(stmt: Stmt, next: Stmt): boolean {
    if (stmt.op !== "Call" || next.op !== "NotEqual" || this.#context.funcSymbols.has(stmt.func)) return false;
    const isResult = (o: Operand) => o.kind === "local" && o.local === stmt.result;
    const isFalse = (o: Operand) => o.kind === "bool" && !o.value;
    if (!(isResult(next.a) && isFalse(next.b)) && !(isResult(next.b) && isFalse(next.a))) return false;
    if (this.#facts.uses.get(stmt.result) !== 1 || !this.#comparison(stmt.func, stmt.args)) return false;
    this.#b.op(op.i32Eqz);
    this.#undefined(op.brIf);
    return true;
  }

  #stmt(stmt: Stmt): void {
    const b = this.#b;
    if (this.#constantTerms.skipped.has(stmt)) return;
    const ready = this.#constantTerms.ready.get(stmt);
    if (ready !== undefined) {
      b.i64(constantWord(this.#context.constants, ready.term));
      this.#set(ready.target);
      return;
    }
    switch (stmt.op) {
      case "ArrayAppend":
        this.#get(stmt.array);
        this.#operand(stmt.value);
        this.#runtime("rt_array_append");
        return;
      case "AssignInt":
      case "MakeNumberInt":
        b.i64(this.#context.constants.integer(stmt.value));
        this.#set(stmt.target);
        return;
      case "AssignVar":
        this.#operand(stmt.source);
        this.#set(stmt.target);
        return;
      case "AssignVarOnce":
        this.#get(stmt.target);
        this.#operand(stmt.source);
        this.#conflictPlace(stmt.location, this.#kindOfRule());
        this.#runtime("rt_assign_once");
        this.#set(stmt.target);
        return;
      case "Block":
        for (const block of stmt.blocks) this.#block(block);
        return;
      case "Break":
        this.#jump(stmt.index + 1);
        return;
      case "Call":
        this.#call(stmt);
        return;
      case "CallDynamic":
        this.#callDynamic(stmt);
        return;
      case "Dot":
        this.#dot(stmt);
        return;
      case "Equal":
        this.#unless(stmt.a, stmt.b, false);
        return;
      case "NotEqual":
        this.#unless(stmt.a, stmt.b, true);
        return;
      case "IsArray":
        this.#isTag(stmt.source, TAG_ARRAY);
        return;
      case "IsObject":
        this.#isTag(stmt.source, TAG_OBJECT);
        return;
      case "IsSet":
        this.#isTag(stmt.source, TAG_SET);
        return;
      case "IsDefined":
        this.#get(stmt.source);
        b.op(op.i64Eqz);
        this.#undefined(op.brIf);
        return;
      case "IsUndefined":
        this.#get(stmt.source);
        b.op(op.i64Eqz, op.i32Eqz);
        this.#undefined(op.brIf);
        return;
      case "Len":
        this.#operand(stmt.source);
        this.#runtime("rt_length");
        this.#set(stmt.target);
        return;
      case "MakeArray":
        b.i32(stmt.capacity);
        this.#runtime("rt_array");
        this.#set(stmt.target);
        return;
      case "MakeNull":
        b.i64(NULL);
        this.#set(stmt.target);
        return;
      case "MakeNumberRef":
        b.i64(this.#context.constants.number(this.#context.plan.strings[stmt.index] ?? "0"));
        this.#set(stmt.target);
        return;
      case "MakeObject":
        this.#runtime("rt_object");
        this.#set(stmt.target);
        return;
      case "MakeSet":
        this.#runtime("rt_set");
        this.#set(stmt.target);
        return;
      case "Nop":
        return;
      case "Not":
        this.#not(stmt.block);
        return;
      case "ObjectInsert":
        this.#get(stmt.object);
        this.#operand(stmt.key);
        this.#operand(stmt.value);
        this.#runtime("rt_object_insert");
        return;
      case "ObjectInsertOnce":
        this.#get(stmt.object);
        this.#operand(stmt.key);
        this.#operand(stmt.value);
        this.#conflictPlace(stmt.location, "object");
        this.#runtime("rt_object_insert_once");
        return;
      case "ObjectMerge":
        this.#get(stmt.a);
        this.#get(stmt.b);
        this.#runtime("rt_merge");
        this.#set(stmt.target);
        return;
      case "ResetLocal":
        b.i64(UNDEFINED);
        this.#set(stmt.target);
        return;
      case "ResultSetAdd":
        b.get(this.#resultSet);
        this.#get(stmt.value);
        this.#runtime("rt_set_add");
        return;
      case "ReturnLocal":
        this.#get(stmt.source);
        b.set(this.#result);
        this.#jump(this.#blocks.length + 1);
        return;
      case "Scan":
        this.#scan(stmt);
        return;
      case "SetAdd":
        this.#get(stmt.set);
        this.#operand(stmt.value);
        this.#runtime("rt_set_add");
        return;
      case "With":
        this.#with(stmt);
        return;
      default:
        stmt satisfies never;
    }
  }

  #dot(stmt: Extract<Stmt, { op: "Dot" }>): void {
    const b = this.#b;
    const path = this.#facts.kept.get(stmt);
    const target = this.#local(stmt.target);
    if (path === undefined) {
      this.#lookUp(stmt);
      b.tee(target);
    } else {
      let kept = this.#keptPaths.get(path);
      if (kept === undefined) {
        kept = b.lasting();
        this.#keptPaths.set(path, kept);
      }
      b.get(kept);
      b.op(op.i64Eqz);
      b.open(op.if);
      this.#lookUp(stmt);
      b.set(kept);
      b.close();
      b.get(kept);
      b.tee(target);
    }
    b.op(op.i64Eqz);
    this.#undefined(op.brIf);
  }

  #lookUp(stmt: Extract<Stmt, { op: "Dot" }>): void {
    this.#operand(stmt.source);
    this.#operand(stmt.key);
    if (stmt.key.kind === "string") {
      this.#b.i64(hashString(this.#context.plan.strings[stmt.key.index] ?? ""));
      this.#runtime("rt_field");
    } else {
      this.#runtime("rt_lookup");
    }
  }

  /** What conflicts when a second value is assigned to the result. */
  #kindOfRule(): "rule" | "function" | "object" {
    const func = this.#context.funcsByName.get(this.#funcName);
    if (func?.keyed !== undefined) return "object";
    return (func?.arity ?? 0) > 0 ? "function" : "rule";
  }

  #conflictPlace(location: Location, kind: "rule" | "function" | "object"): void {
    const b = this.#b;
    b.i32(this.#context.site(location, kind, this.#funcName));
    b.i32(this.#context.constants.terminated(this.#context.file(location)));
    b.i32(location.row);
    b.i32(location.col);
  }

  // Undefined unless the operands are equal (or, `equal` true, unless they differ).
  #unless(x: Operand, y: Operand, equal: boolean): void {
    const b = this.#b;
    this.#operand(x);
    this.#operand(y);
    // Booleans have one word each.
    if (x.kind === "bool" || y.kind === "bool") {
      b.op(equal ? op.i64Eq : op.i64Ne);
    } else {
      this.#runtime("rt_equal");
      if (!equal) b.op(op.i32Eqz);
    }
    this.#undefined(op.brIf);
  }

  #isTag(source: Operand, tag: number): void {
    this.#operand(source);
    this.#b.op(op.i32WrapI64);
    this.#b.i32(15);
    this.#b.op(op.i32And);
    this.#b.i32(tag);
    this.#b.op(op.i32Ne);
    this.#undefined(op.brIf);
  }

  #not(block: Block): void {
    const b = this.#b;
    const failed = b.open(op.block);
    const label = b.open(op.block);
    this.#blocks.push({ label });
    this.#statements(block.stmts);
    this.#blocks.pop();
    // The block ran to its end: the statement is undefined.
    this.#undefined(op.br);
    b.close();
    b.branch(op.br, failed);
    b.close();
  }

  #scan(stmt: Extract<Stmt, { op: "Scan" }>): void {
    const b = this.#b;
    const source = this.#local(stmt.source);
    const key = this.#local(stmt.key);
    const value = this.#local(stmt.value);
    const item = b.local(I32);
    const left = b.local(I32);
    const stride = b.local(I32);
    const position = b.local();
    b.get(source);
    this.#runtime("rt_scan_items");
    b.set(item);
    b.get(source);
    this.#runtime("rt_scan_count");
    b.set(left);
    // Objects have pairs of 16 bytes, whose second word is the value.
    b.i32(16);
    b.i32(8);
    this.#tagOf(source);
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
    this.#countFuel();
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
    this.#tagOf(source);
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
    this.#block(stmt.block);
    b.branch(op.br, loop);
    b.close();
    b.close();
  }

  #tagOf(local: number): void {
    this.#b.get(local);
    this.#b.op(op.i32WrapI64);
    this.#b.i32(15);
    this.#b.op(op.i32And);
  }

  #with(stmt: Extract<Stmt, { op: "With" }>): void {
    const b = this.#b;
    const changed = this.#local(stmt.local);
    const saved = b.local();
    const savedMemo = b.local(I32);
    const failed = b.local(I32);
    const memo = this.#context.runtimeGlobal("memo_base");
    b.get(changed);
    b.set(saved);
    b.globalGet(memo);
    b.set(savedMemo);
    const path = this.#context.constants.words(stmt.path.map((index) => this.#context.string(index)));
    b.get(changed);
    b.i32(path);
    b.i32(stmt.path.length);
    this.#operand(stmt.value);
    this.#runtime("rt_with");
    b.set(changed);
    b.i32(this.#context.memoSlots.size);
    this.#runtime("rt_memo_new");
    b.globalSet(memo);
    b.i32(1);
    b.set(failed);
    const undo = () => {
      b.get(saved);
      b.set(changed);
      b.get(savedMemo);
      b.globalSet(memo);
    };
    const label = b.open(op.block);
    this.#blocks.push({ label, undo });
    this.#statements(stmt.block.stmts);
    this.#blocks.pop();
    b.i32(0);
    b.set(failed);
    b.close();
    undo();
    b.get(failed);
    this.#undefined(op.brIf);
  }

  #call(stmt: Extract<Stmt, { op: "Call" }>): void {
    const b = this.#b;
    const func = this.#context.funcSymbols.get(stmt.func);
    if (func !== undefined) {
      for (const arg of stmt.args) this.#operand(arg);
      b.call(func);
    } else if (!this.#comparison(stmt.func, stmt.args)) {
      const declared = this.#context.builtins.get(stmt.func);
      if (declared?.void === true && this.#context.options.build === "portable") {
        // Hosts of portable modules have no `print`.
        return;
      }
      this.#builtin(stmt);
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
      this.#set(stmt.result);
      return;
    }
    b.tee(this.#local(stmt.result));
    b.op(op.i64Eqz);
    this.#undefined(op.brIf);
  }

  #builtin(stmt: Extract<Stmt, { op: "Call" }>): void {
    const b = this.#b;
    b.i32(this.#context.site(stmt.location, "builtin", stmt.func));
    b.globalSet(this.#context.runtimeGlobal("call_site"));
    const native = this.#context.nativeBuiltin(stmt.func);
    if (native !== undefined) {
      for (const arg of stmt.args) this.#operand(arg);
      b.call(native);
      return;
    }
    if (stmt.args.length > 4) throw new Error(`builtin ${stmt.func} has more than four arguments`);
    b.i32(this.#context.hostBuiltin(stmt.func));
    for (const arg of stmt.args) this.#operand(arg);
    this.#runtime(`rt_host${stmt.args.length}`);
  }

  // Comparisons and membership never fail: they leave 0 or 1.
  #comparison(name: string, args: readonly Operand[]): boolean {
    const b = this.#b;
    const operands = () => {
      for (const arg of args) this.#operand(arg);
    };
    const orders: Readonly<Record<string, number>> = { lt: op.i32LtS, lte: op.i32LeS, gt: op.i32GtS, gte: op.i32GeS };
    const order = orders[name];
    if (order !== undefined && args.length === 2) {
      operands();
      this.#runtime("rt_compare");
      b.i32(0);
      b.op(order);
    } else if ((name === "eq" || name === "equal" || name === "neq") && args.length === 2) {
      operands();
      this.#runtime("rt_equal");
      if (name === "neq") b.op(op.i32Eqz);
    } else if (name === "internal.member_2") {
      operands();
      this.#runtime("rt_member");
    } else if (name === "internal.member_3") {
      operands();
      this.#runtime("rt_member_at");
    } else {
      return false;
    }
    return true;
  }

  // Not found: undefined in this block. Found but undefined: the reference as a whole is, four blocks out.
  #callDynamic(stmt: Extract<Stmt, { op: "CallDynamic" }>): void {
    const b = this.#b;
    const path = b.local();
    const slot = b.local(I32);
    b.i32(stmt.path.length);
    this.#runtime("rt_array");
    b.set(path);
    for (const step of stmt.path) {
      b.get(path);
      this.#operand(step);
      this.#runtime("rt_array_append");
    }
    b.i64(this.#context.trie);
    b.get(path);
    this.#runtime("rt_find_function");
    b.tee(slot);
    b.i32(0);
    b.op(op.i32LtS);
    this.#undefined(op.brIf);
    for (const arg of stmt.args) this.#operand(arg);
    b.get(slot);
    b.callIndirect(this.#context.types.indexOf({ params: stmt.args.map(() => I64), results: [I64] }));
    b.tee(this.#local(stmt.result));
    b.op(op.i64Eqz);
    b.open(op.if);
    this.#jump(4);
    b.close();
  }
}

function isStep(stmt: Stmt): boolean {
  return !BOOKKEEPING.has(stmt.op);
}

function samePlace(a: Location, b: Location | undefined): boolean {
  return (
    b !== undefined && a.file === b.file && a.row === b.row && a.col === b.col && a.endRow === b.endRow && a.endCol === b.endCol
  );
}

function firstLocation(blocks: readonly Block[]): Location | undefined {
  for (const block of blocks) {
    for (const stmt of block.stmts) {
      if (stmt.location.row > 0 && stmt.op !== "ResetLocal") return stmt.location;
      const inner = stmt.op === "Block" ? firstLocation(stmt.blocks) : undefined;
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}
