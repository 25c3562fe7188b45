// What the code of every statement is written with: locals that hold value words (i64, 0 is undefined), open blocks, calls of the runtime.
import type { Block, Entrypoint, Func, Local, Location, Operand, Stmt } from "../plan/ir.ts";
import { nestedBlocks } from "../plan/statements.ts";
import { CodeBuilder } from "./code-builder.ts";
import { type ConstantTerms, constantTerms } from "./constant-terms.ts";
import { FALSE, TRUE } from "./constants.ts";
import type { EmitContext } from "./emit-context.ts";
import { type FunctionFacts, functionFacts } from "./function-facts.ts";
import { I32, I64, op } from "./instructions.ts";
import type { Site } from "./sites.ts";

/** An open plan block: where undefined leads, and what must be undone when a jump crosses it. */
interface OpenBlock {
  readonly label: number;
  readonly undo?: () => void;
}

/**
 * What a part of a function finds in its room and leaves there: the value that it goes on with, how it has ended, the result of the
 * function, the key that it is kept by, and what the function itself goes on with.
 */
export const ROOM = { value: 0, end: 8, result: 16, key: 24, slot: 32, room: 36, more: 40 };

/** How a part ends, in its room: it is undefined, ran to its end, or ends the function; others are levels to leave. */
export const UNDEFINED_END = 0;
export const RAN = 1;
export const LEFT = -1;

/** A part of a function as a function of its own: it takes the address of its room. */
export const partType = { params: [I32], results: [] };

export abstract class FunctionWriter {
  readonly context: EmitContext;
  readonly b: CodeBuilder;
  readonly funcName: string;
  readonly locals = new Map<Local, number>();
  readonly blocks: OpenBlock[] = [];
  /** The locals with the results that were known before each `with` around the present statement. */
  known: readonly number[] = [];
  readonly facts: FunctionFacts;
  readonly constantTerms: ConstantTerms;
  /** Locals that keep the documents at constant paths. */
  readonly keptPaths = new Map<string, number>();
  readonly ownLocation: Location | undefined;
  readonly steps: Map<string, number>;
  readonly params: readonly Local[];
  result = -1;
  resultSet = -1;
  returnLabel = 0;
  /** Where the result is kept, by a key in a local for arguments, while the function is not at its end. */
  key = -1;
  /** What a function that goes on at its first value goes on with: a slot of the table and its room. */
  next: { readonly slot: number; readonly room: number } | undefined;
  /** Of a rule that is evaluated again where it conflicts: the sites of its assignments, one after the other. */
  readonly conflicts: ReadonlyMap<Stmt, number> | undefined;
  /** How many blocks stand around a part. */
  readonly outer: number;
  /** Of a part: how it may end but by its end, or for it is undefined. */
  readonly exits: Set<number> | undefined;

  /** `around`: the writer of the code around a part of a function, which becomes a function of its own. */
  constructor(context: EmitContext, params: readonly Local[], source: Func | Entrypoint, around?: FunctionWriter) {
    this.facts = around?.facts ?? functionFacts(context.plan, source.blocks);
    this.constantTerms = around?.constantTerms ?? constantTerms(context.plan, source.blocks, this.facts);
    this.ownLocation = around === undefined ? firstLocation(source.blocks) : around.ownLocation;
    this.steps = around?.steps ?? new Map();
    this.outer = around === undefined ? 0 : around.outer + around.blocks.length;
    this.context = context;
    this.funcName = "path" in source ? source.name : "";
    this.params = params;
    this.exits = around === undefined ? undefined : new Set();
    this.conflicts = around === undefined ? conflictSites(context, source) : around.conflicts;
    this.b = new CodeBuilder(around === undefined ? { params: params.map(() => I64), results: [I64] } : partType);
    if (around === undefined) for (const [i, param] of params.entries()) this.locals.set(param, i);
  }

  /** Code of the statements, in order. */
  abstract statements(stmts: readonly Stmt[]): void;

  /** Code of the statements of a part, which stand behind one at a place. */
  abstract behind(location: Location, block: Block): void;

  /** A writer for a part of this function. */
  abstract part(): FunctionWriter;

  // A limit for editors: every loop step and every call of a rule takes one.
  countFuel(): void {
    if (this.context.options.build !== "editor") return;
    const b = this.b;
    const fuel = this.context.runtimeGlobal("fuel");
    b.globalGet(fuel);
    b.i64(1n);
    b.op(op.i64Sub);
    b.globalSet(fuel);
    b.globalGet(fuel);
    b.i64(0n);
    b.op(op.i64LtS);
    b.open(op.if);
    this.runtime("rt_out_of_fuel");
    b.close();
  }

  runtime(name: string): void {
    this.b.call(this.context.runtimeFunction(name));
  }

  local(local: Local): number {
    let index = this.locals.get(local);
    if (index === undefined) {
      index = this.b.local();
      this.locals.set(local, index);
    }
    return index;
  }

  operand(operand: Operand): void {
    switch (operand.kind) {
      case "local":
        this.b.get(this.local(operand.local));
        return;
      case "bool":
        this.b.i64(operand.value ? TRUE : FALSE);
        return;
      case "string":
        this.b.i64(this.context.string(operand.index));
        return;
      default:
        operand satisfies never;
    }
  }

  /** An operand as it is remembered, or put into something else. */
  plainOperand(operand: Operand): void {
    this.operand(operand);
    if (operand.kind === "local") this.plain();
  }

  /** Takes the order in which it was written from what is on the stack. */
  plain(): void {
    if (this.context.written) this.runtime("rt_plain");
  }

  get(local: Local): void {
    this.b.get(this.local(local));
  }

  set(local: Local): void {
    this.b.set(this.local(local));
  }

  undefined(code: number): void {
    this.b.branch(code, this.blocks.at(-1)?.label ?? this.returnLabel);
  }

  jump(levels: number): void {
    const target = this.blocks.length - levels;
    for (let i = this.blocks.length - 1; i >= Math.max(target, 0); i--) this.blocks[i]!.undo?.();
    if (target < -1) this.exit(-target);
    this.b.branch(op.br, this.blocks[target]?.label ?? this.returnLabel);
  }

  /** Ends the function with what is its result now. */
  leave(): void {
    for (const { undo } of this.blocks.toReversed()) undo?.();
    this.exit(LEFT);
    this.b.branch(op.br, this.returnLabel);
  }

  /** Of a part: tells the code around it what it has to do. */
  exit(how: number): void {
    if (this.exits === undefined) return;
    this.exits.add(how);
    this.b.get(0);
    this.b.i32(how);
    this.b.memory(op.i32Store, ROOM.end, 2);
  }

  block(block: Block, undo?: () => void): void {
    const label = this.b.open(op.block);
    this.blocks.push(undo === undefined ? { label } : { label, undo });
    this.statements(block.stmts);
    this.blocks.pop();
    this.b.close();
  }

  tagOf(local: number): void {
    this.b.get(local);
    this.b.op(op.i32WrapI64);
    this.b.i32(15);
    this.b.op(op.i32And);
  }

  /** What conflicts when a second value is assigned to the result. */
  kindOfRule(): "rule" | "function" | "object" {
    return kindOf(this.context.funcsByName.get(this.funcName));
  }

  /** Gives the number of the site, a new one if there is none. */
  conflictPlace(location: Location, kind: Exclude<Site["kind"], "builtin">, known?: number): number {
    const b = this.b;
    const site = known ?? this.context.site(location, kind, this.funcName);
    b.i32(site);
    b.i32(this.context.constants.terminated(this.context.file(location)));
    b.i32(location.row);
    b.i32(location.col);
    return site;
  }
}

/** Kinds of rules: what conflicts when a second value is assigned to the result. */
function kindOf(func: Func | undefined): "rule" | "function" | "object" {
  if (func?.keyed !== undefined) return "object";
  return (func?.arity ?? 0) > 0 ? "function" : "rule";
}

/** OPA's interpreter evaluates a rule again to tell all values that conflict: prints tell. */
function conflictSites(context: EmitContext, source: Func | Entrypoint): ReadonlyMap<Stmt, number> | undefined {
  if (!context.tells || !("path" in source) || source.complete !== true || source.agreed === true) return undefined;
  const sites = new Map<Stmt, number>();
  const look = ({ stmts }: Block): void => {
    for (const stmt of stmts) {
      if (stmt.op === "AssignVarOnce" && stmt.target === source.result)
        sites.set(stmt, context.site(stmt.location, kindOf(source), source.name));
      for (const inner of nestedBlocks(stmt)) look(inner);
    }
  };
  for (const block of source.blocks) look(block);
  return sites.size === 0 ? undefined : sites;
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
