// What every part of the planner writes with: statements, blocks, locals, places, and searches that end at the first solution.
import type { Expr, Range, Term } from "#grammars/rego/ast.ts";
import type { Bodied, comprehensionKeys } from "./comprehension-keys.ts";
import type { Generation } from "./generation.ts";
import type { Block, Local, Location, Operand, Stmt } from "./ir.ts";
import type { Marked } from "./marks.ts";
import type { Program } from "./program.ts";
import type { PlannedRule } from "./rule-trie.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Written } from "./written.ts";

export type Next = () => void;
export type NextValue = (value: Operand) => void;
export type Statement<S = Stmt> = S extends Stmt ? Omit<S, "location"> : never;

export const FALSE: Operand = { kind: "bool", value: false };
export const TRUE: Operand = { kind: "bool", value: true };
export const local = (index: Local): Operand => ({ kind: "local", local: index });

type Values = readonly (readonly [string, Operand])[];

interface PlannedUpTo {
  readonly stmts: Stmt[];
  readonly length: number;
  readonly bindings: number;
  readonly at: number;
}

function isSame(a: Operand | undefined, b: Operand): boolean {
  if (a === undefined) return false;
  return a === b || (a.kind === "local" && b.kind === "local" && a.local === b.local);
}

export class FunctionBuilder {
  stmts: Stmt[] = [];
  /** How many times at most this is planned, each time inside the call of another rule that a key may mean. */
  copies = 1;
  /** How many loops stand around what is planned. */
  loops = 0;
  readonly env = new Map<string, Operand>();
  /** Of variables without a value: the patterns that a value must match. */
  readonly awaited = new Map<string, readonly Term[]>();
  /** Of sets and objects in locals what they were written as, where that is not constant. */
  readonly written = new Map<Local, readonly Written[]>();
  /** The names that were bound, in order. */
  private readonly bindings: string[] = [];
  locals = 2;
  /** Blocks around the present statement. */
  depth = 0;
  input: Local = 0;
  data: Local = 1;
  slots: readonly Local[] = [];
  location: Location = { file: 0, row: 0, col: 0, endRow: 0, endCol: 0 };
  file = 0;
  /** The rule or query that is planned. */
  within: Bodied = { head: {} };
  /** Of its comprehensions the variables that they are evaluated once for, where somebody asked. */
  shared: { readonly within: Bodied; readonly keys: ReturnType<typeof comprehensionKeys> } | undefined;
  /** The mark behind which the present statement stands. */
  at = -1;
  /** The mark of the expression that it is of. */
  tried = -1;
  /** What was told of variables at each mark, and all that is known at the last one. */
  private readonly changes = new Map<number, Values>();
  private told: { readonly at: number; readonly values: ReadonlyMap<string, Operand> } = { at: -1, values: new Map() };
  readonly rules: Surroundings;
  readonly program: Program;
  generation: Generation;

  constructor(rules: Surroundings, generation: Generation) {
    this.rules = rules;
    this.program = rules.program;
    this.generation = generation;
  }

  /** The place of a rule is that of its head. */
  placeRule(planned: PlannedRule): void {
    this.file = planned.file;
    this.within = planned.rule;
    this.place(planned.rule.head);
  }

  fresh(): Local {
    return this.locals++;
  }

  /** The value that a local has now: `with` gives the locals of `input` and `data` another for a while. */
  copy(source: Local): Operand {
    const target = this.fresh();
    this.emit({ op: "AssignVar", source: local(source), target });
    return local(target);
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

  /** Plans `use` behind a mark, where the plan is to have some. */
  marked(mark: Marked, use: Next, values?: Values): void {
    const outer = this.at;
    this.mark(mark, values);
    use();
    this.at = outer;
  }

  /** Plans `use` behind the mark of an expression. */
  markedExpr(expr: Expr, index: number, use: Next): void {
    const outer = this.tried;
    this.marked({ kind: "eval", expr, index }, () => {
      this.tried = this.at;
      use();
    });
    this.tried = outer;
  }

  /** Plans `use` with the value of a term that stands for itself, which marked plans tell as OPA's interpreter does. */
  withTerm(value: Operand, use: Next): void {
    if (this.rules.marks === undefined) return use();
    const name = `$_term_${this.tried}`;
    this.env.set(name, value);
    this.bindings.push(name);
    use();
    this.env.delete(name);
  }

  /** Plans `use` behind a mark that was set before. */
  behind(at: number, use: Next): void {
    const outer = this.at;
    this.at = at;
    use();
    this.at = outer;
  }

  /** Sets a mark: what is planned next stands behind it. Without values of its own it tells the variables. */
  mark(mark: Marked, own?: Values): void {
    const { marks } = this.rules;
    if (marks === undefined) return;
    const before = this.told.at === this.at ? this.told.values : this.toldAt(this.at);
    const known = own === undefined ? this.knownVariables() : before;
    const values = own ?? [...known].filter(([name, value]) => !isSame(before.get(name), value));
    const gone = [...before.keys()].filter((name) => !known.has(name));
    const names = values.map(([name]) => name);
    const tells = own === undefined ? "changes" : "own";
    marks.push({ ...mark, number: marks.length, parent: this.at, file: this.file, tells, names, gone });
    this.at = marks.length - 1;
    this.told = { at: this.at, values: known };
    this.changes.set(this.at, own === undefined ? values : []);
    this.emit({ op: "Mark", mark: this.at, values: values.map(([, value]) => value) });
  }

  /** The variables of the source that have a value. */
  private knownVariables(): ReadonlyMap<string, Operand> {
    return new Map([...this.env].filter(([name]) => !name.startsWith("$key")));
  }

  /** The variables as the marks up to one have told them. */
  private toldAt(at: number): ReadonlyMap<string, Operand> {
    const path: number[] = [];
    for (let one = at; one >= 0; one = this.rules.marks?.[one]?.parent ?? -1) path.push(one);
    const values = new Map<string, Operand>();
    for (const one of path.reverse()) {
      for (const name of this.rules.marks?.[one]?.gone ?? []) values.delete(name);
      for (const [name, value] of this.changes.get(one) ?? []) values.set(name, value);
    }
    return values;
  }

  /** Leaves the block: the equation can never hold. */
  fail(): void {
    this.emit({ op: "Break", index: 0 });
  }

  /** The end of what is planned so far. */
  here(): PlannedUpTo {
    return { stmts: this.stmts, length: this.stmts.length, bindings: this.bindings.length, at: this.at };
  }

  isHere({ stmts, length }: PlannedUpTo): boolean {
    return this.stmts === stmts && stmts.length === length;
  }

  /** Takes back what was planned since. */
  goBack({ stmts, length, at }: PlannedUpTo): void {
    stmts.length = length;
    this.at = at;
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

  /** As `absent`, but the search goes on behind a solution. */
  absentToTheEnd(plan: (found: Next) => void, next: Next): void {
    const holds = this.fresh();
    this.emit({ op: "ResetLocal", target: holds });
    const search = this.block(() => plan(() => this.emit({ op: "AssignVar", source: TRUE, target: holds })));
    this.emit({ op: "Block", blocks: [search] });
    this.emit({ op: "IsUndefined", source: holds });
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
  }

  bindAll(bindings: readonly (readonly [string, Local])[], use: Next): void {
    for (const [name, value] of bindings) this.bind(name, local(value));
    use();
    for (const [name] of bindings) this.env.delete(name);
  }

  /** Plans `use` where a variable that has no value yet may only get one that matches the pattern. */
  awaiting(name: string, pattern: Term, use: Next): void {
    const outer = this.awaited.get(name);
    this.awaited.set(name, [...(outer ?? []), pattern]);
    use();
    if (outer === undefined) this.awaited.delete(name);
    else this.awaited.set(name, outer);
  }

  scan(source: Local, use: (key: Local, value: Local) => void): void {
    const key = this.fresh();
    const value = this.fresh();
    this.loops++;
    this.emit({ op: "Scan", source, key, value, block: this.block(() => use(key, value)) });
    this.loops--;
  }
}
