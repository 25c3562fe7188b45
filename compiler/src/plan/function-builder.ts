// What every part of the planner writes with: statements, blocks, locals, places, and searches that end at the first solution.
import type { Range } from "#grammars/rego/ast.ts";
import type { Generation } from "./generation.ts";
import type { Block, Local, Location, Operand, SourceVariable, Stmt } from "./ir.ts";
import type { Program } from "./program.ts";
import type { Rules } from "./rule-functions.ts";
import type { PlannedRule } from "./rule-trie.ts";

export type Next = () => void;
export type NextValue = (value: Operand) => void;
export type Statement<S = Stmt> = S extends Stmt ? Omit<S, "location"> : never;

export const FALSE: Operand = { kind: "bool", value: false };
export const TRUE: Operand = { kind: "bool", value: true };
export const local = (index: Local): Operand => ({ kind: "local", local: index });
export const isRoot = (name: string): boolean => name === "input" || name === "data";

interface PlannedUpTo {
  readonly stmts: Stmt[];
  readonly length: number;
  readonly bindings: number;
}

export class FunctionBuilder {
  stmts: Stmt[] = [];
  readonly env = new Map<string, Operand>();
  /** The names that were bound, in order. */
  private readonly bindings: string[] = [];
  /** Every variable that had a local, for traces. */
  readonly bound: SourceVariable[] = [];
  locals = 2;
  /** Blocks around the present statement. */
  depth = 0;
  input: Local = 0;
  data: Local = 1;
  slots: readonly Local[] = [];
  location: Location = { file: 0, row: 0, col: 0, endRow: 0, endCol: 0 };
  file = 0;
  readonly rules: Rules;
  readonly program: Program;
  generation: Generation;

  constructor(rules: Rules, generation: Generation) {
    this.rules = rules;
    this.program = rules.program;
    this.generation = generation;
  }

  /** The place of a rule is that of its head. */
  placeRule(planned: PlannedRule): void {
    this.file = planned.file;
    this.place(planned.rule.head);
  }

  fresh(): Local {
    return this.locals++;
  }

  localOf(operand: Operand): Local {
    if (operand.kind === "local") return operand.local;
    const target = this.fresh();
    this.emit({ op: "AssignVar", source: operand, target });
    return target;
  }

  emit(stmt: Statement): void {
    this.stmts.push({ ...stmt, location: this.location } as Stmt);
  }

  /** Leaves the block: the equation can never hold. */
  fail(): void {
    this.emit({ op: "Break", index: 0 });
  }

  /** The end of what is planned so far. */
  here(): PlannedUpTo {
    return { stmts: this.stmts, length: this.stmts.length, bindings: this.bindings.length };
  }

  isHere({ stmts, length }: PlannedUpTo): boolean {
    return this.stmts === stmts && stmts.length === length;
  }

  /** Takes back what was planned since. */
  goBack({ stmts, length }: PlannedUpTo): void {
    stmts.length = length;
  }

  /** The variables that got a value since, and have it still. */
  bindingsSince({ bindings }: PlannedUpTo): readonly (readonly [string, Operand])[] {
    return [...new Set(this.bindings.slice(bindings))].flatMap((name) => {
      const value = this.env.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
  }

  block(plan: Next): Block {
    this.depth++;
    const outer = this.stmts;
    const stmts: Stmt[] = [];
    this.stmts = stmts;
    const { location } = this;
    plan();
    this.location = location;
    this.stmts = outer;
    this.depth--;
    return { stmts };
  }

  place(range: Range): void {
    const lines = this.rules.lines[this.file];
    if (lines === undefined) return;
    const start = lines.rowCol(range.start);
    const end = lines.rowColOfEnd(range.end);
    this.location = { file: this.file, row: start.row, col: start.col, endRow: end.row, endCol: end.col };
  }

  unsupported(range: Range, what: string): void {
    this.rules.unsupported.push({ file: this.file, range: { start: range.start, end: range.end }, what });
    this.fail();
  }

  number(text: string): Local {
    if (/^-?(?:0|[1-9][0-9]{0,17})$/.test(text) && text !== "-0") return this.integer(BigInt(text));
    const target = this.fresh();
    this.emit({ op: "MakeNumberRef", index: this.program.text(text), target });
    return target;
  }

  integer(value: bigint | number): Local {
    const target = this.fresh();
    this.emit({ op: "MakeNumberInt", value: BigInt(value), target });
    return target;
  }

  /** Goes on when `plan` finds a solution; the first one ends the search and its bindings are forgotten. */
  exists(plan: (found: Next) => void, next: Next): void {
    this.emit({ op: "IsDefined", source: this.probe(plan) });
    next();
  }

  /** Goes on when `plan` finds no solution. */
  absent(plan: (found: Next) => void, next: Next): void {
    this.emit({ op: "IsUndefined", source: this.probe(plan) });
    next();
  }

  /** A local that is defined once `plan` has found a solution. */
  probe(plan: (found: Next) => void): Local {
    const holds = this.fresh();
    this.emit({ op: "ResetLocal", target: holds });
    const search = this.block(() => {
      const { depth } = this;
      plan(() => {
        this.emit({ op: "AssignVar", source: TRUE, target: holds });
        this.emit({ op: "Break", index: this.depth - depth });
      });
    });
    this.emit({ op: "Block", blocks: [search] });
    return holds;
  }

  /** Gives a variable its value for what is planned next. */
  bind(name: string, value: Operand): void {
    this.env.set(name, value);
    this.bindings.push(name);
    if (value.kind === "local") this.bound.push({ name, local: value.local });
  }

  bindAll(bindings: readonly (readonly [string, Local])[], use: Next): void {
    for (const [name, value] of bindings) this.bind(name, local(value));
    use();
    for (const [name] of bindings) this.env.delete(name);
  }

  scan(source: Local, use: (key: Local, value: Local) => void): void {
    const key = this.fresh();
    const value = this.fresh();
    this.emit({ op: "Scan", source, key, value, block: this.block(() => use(key, value)) });
  }
}
