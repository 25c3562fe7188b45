// Plans rules and queries: OPA's lowering of checked modules to the plan IR. One continuation per step: what comes after a binding is planned inside it.
import type { Body, Call, Every, Expr, Logical, Range, Ref, Rule, Term, With } from "#grammars/rego/ast.ts";
import type { LineIndex } from "#grammars/text/lines.ts";
import type { Block, Func, Local, Location, Operand, Stmt } from "./ir.ts";
import type { Program } from "./program.ts";
import { findNode, isConstant, isFunction, keyText, type PlannedRule, type TrieNode } from "./rule-trie.ts";

type Next = () => void;
type NextValue = (value: Operand) => void;
type Statement<S = Stmt> = S extends Stmt ? Omit<S, "location"> : never;

/** A mocked function: another function by name, or a value. */
type Mock = { readonly kind: "function"; readonly name: string } | { readonly kind: "value"; readonly slot: number };

/** The documents and functions that `with` has replaced; each state has functions of its own. */
export interface Generation {
  readonly id: number;
  readonly mocks: ReadonlyMap<string, Mock>;
  /** Rule paths that stand no more: the base document there is what counts. */
  readonly dropped: readonly (readonly string[])[];
  /** How many mocked values travel with each call. */
  readonly slots: number;
}

/** What a construct that is not there yet gives instead of a wrong plan. */
export interface Unsupported {
  readonly file: number;
  readonly range: Range;
  readonly what: string;
}

const FALSE: Operand = { kind: "bool", value: false };
const TRUE: Operand = { kind: "bool", value: true };
const local = (index: Local): Operand => ({ kind: "local", local: index });
const isRoot = (name: string): boolean => name === "input" || name === "data";

/** The functions of all generations, made when they are first called. */
export class Rules {
  readonly unsupported: Unsupported[] = [];
  readonly root: TrieNode;
  readonly program: Program;
  readonly lines: readonly LineIndex[];
  private readonly made = new Set<string>();
  private readonly generations = new Map<string, Generation>();
  /** Functions that were asked for and are still to be planned. */
  private readonly waiting: (() => void)[] = [];

  constructor(root: TrieNode, program: Program, lines: readonly LineIndex[]) {
    this.root = root;
    this.program = program;
    this.lines = lines;
    this.generation(new Map(), [], 0);
  }

  get first(): Generation {
    return this.generations.values().next().value!;
  }

  generation(mocks: ReadonlyMap<string, Mock>, dropped: readonly (readonly string[])[], slots: number): Generation {
    const key = JSON.stringify([
      [...mocks].sort((a, b) => (a[0] < b[0] ? -1 : 1)),
      dropped.map((path) => path.join("\u0000")).sort(),
      slots,
    ]);
    let generation = this.generations.get(key);
    if (generation === undefined) {
      generation = { id: this.generations.size, mocks, dropped, slots };
      this.generations.set(key, generation);
    }
    return generation;
  }

  /** The name of the function for a node, planned now or soon. */
  functionFor(node: TrieNode, generation: Generation): string {
    const name = `g${generation.id}.data.${node.path.map((part) => part.replaceAll("\u0000", "")).join(".")}`;
    if (!this.made.has(name)) {
      this.made.add(name);
      this.waiting.push(() => this.program.funcs.push(new FunctionPlanner(this, generation).ruleFunction(name, node)));
    }
    return name;
  }

  /** Plans every function that was asked for, and those that they ask for. */
  finish(): void {
    for (let plan = this.waiting.pop(); plan !== undefined; plan = this.waiting.pop()) plan();
  }
}

/** Plans one function or entrypoint. */
export class FunctionPlanner {
  private stmts: Stmt[] = [];
  private readonly env = new Map<string, Operand>();
  private locals = 2;
  /** Blocks around the present statement. */
  private depth = 0;
  private input: Local = 0;
  private data: Local = 1;
  private slots: readonly Local[] = [];
  private location: Location = { file: 0, row: 0, col: 0, endRow: 0, endCol: 0 };
  private file = 0;
  private readonly rules: Rules;
  private readonly program: Program;
  private generation: Generation;

  constructor(rules: Rules, generation: Generation) {
    this.rules = rules;
    this.program = rules.program;
    this.generation = generation;
  }

  // --- Entrypoints -------------------------------------------------------------------------------------------------------------

  /** Blocks that add `{"result": value}` for a ref. */
  refEntrypoint(ref: Ref): readonly Block[] {
    return [
      this.block(() =>
        this.term(ref, (value) => {
          const result = this.fresh();
          this.emit({ op: "MakeObject", target: result });
          this.emit({ op: "ObjectInsert", key: this.program.string("result"), value, object: result });
          this.emit({ op: "ResultSetAdd", value: result });
        }),
      ),
    ];
  }

  /** Blocks that add one object per solution of a query: variable as written → value. */
  queryEntrypoint(body: Body, vars: ReadonlyMap<string, string>, file: number): readonly Block[] {
    this.file = file;
    return [
      this.block(() =>
        this.body(body, () => {
          const result = this.fresh();
          this.emit({ op: "MakeObject", target: result });
          for (const [name, written] of vars) {
            const value = this.env.get(name);
            if (value !== undefined) this.emit({ op: "ObjectInsert", key: this.program.string(written), value, object: result });
          }
          this.emit({ op: "ResultSetAdd", value: result });
        }),
      ),
    ];
  }

  // --- Rules -------------------------------------------------------------------------------------------------------------------

  ruleFunction(name: string, node: TrieNode): Func {
    const arity = node.rules.find(({ rule }) => isFunction(rule))?.rule.head.args?.length;
    this.slots = Array.from({ length: this.generation.slots }, () => this.fresh());
    const args = Array.from({ length: arity ?? 0 }, () => this.fresh());
    const result = this.fresh();
    const partialSet =
      node.rules.some(({ rule, suffix }) => rule.head.contains && suffix.length === 0) ||
      node.rules.some((one) => one.suffix.length === 0 && one.rule.head.key !== undefined);
    const general = node.rules.some((one) => one.suffix.length > 0);
    const blocks: Block[] = [];
    this.at(node.rules[0]!);
    if (general) blocks.push(...this.generalRules(node.rules, result));
    else if (partialSet) blocks.push(...this.partialSet(node.rules, result));
    else blocks.push(...this.completeRules(node.rules, args, result));
    this.at(node.rules[0]!);
    blocks.push(this.block(() => this.emit({ op: "ReturnLocal", source: result })));
    return { name, path: [`g${this.generation.id}`, ...node.path], params: [0, 1, ...this.slots, ...args], result, blocks };
  }

  private at(planned: PlannedRule): void {
    this.file = planned.file;
    this.place(planned.rule.head);
  }

  private completeRules(rules: readonly PlannedRule[], args: readonly Local[], result: Local): readonly Block[] {
    const blocks: Block[] = [this.block(() => this.emit({ op: "ResetLocal", target: result }))];
    for (const planned of rules) {
      if (planned.rule.default) continue;
      this.at(planned);
      blocks.push(this.block(() => this.ruleChain(planned.rule, args, result)));
    }
    for (const planned of rules) {
      if (!planned.rule.default) continue;
      this.at(planned);
      blocks.push(
        this.block(() => {
          this.emit({ op: "IsUndefined", source: result });
          this.arguments(planned.rule.head.args ?? [], args, () =>
            this.term(this.headValue(planned.rule), (value) => this.emit({ op: "AssignVarOnce", source: value, target: result })),
          );
        }),
      );
    }
    return blocks;
  }

  /** A rule with its `else` branches: the first branch that succeeds decides. */
  private ruleChain(rule: Rule, args: readonly Local[], result: Local): void {
    const chosen = rule.else === undefined ? result : this.fresh();
    if (rule.else !== undefined) this.emit({ op: "ResetLocal", target: chosen });
    const branches: Block[] = [];
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
      const current: Rule = branch;
      branches.push(
        this.block(() => {
          if (current !== rule) this.emit({ op: "IsUndefined", source: chosen });
          this.arguments(current.head.args ?? [], args, () => {
            this.body(current.body ?? [], () => {
              this.term(this.headValue(current), (value) => {
                this.place(current.head);
                this.emit({ op: "AssignVarOnce", source: value, target: chosen });
              });
            });
          });
        }),
      );
    }
    this.emit({ op: "Block", blocks: branches });
    if (rule.else !== undefined) {
      this.emit({ op: "IsDefined", source: chosen });
      this.emit({ op: "AssignVarOnce", source: local(chosen), target: result });
    }
  }

  private headValue(rule: Rule): Term {
    return rule.head.value ?? { kind: "boolean", value: true, start: rule.head.start, end: rule.head.end };
  }

  private arguments(patterns: readonly Term[], args: readonly Local[], next: Next): void {
    const [first, ...rest] = patterns;
    if (first === undefined) return next();
    this.match(first, local(args[0]!), () => this.arguments(rest, args.slice(1), next));
  }

  private partialSet(rules: readonly PlannedRule[], result: Local): readonly Block[] {
    const blocks = [this.block(() => this.emit({ op: "MakeSet", target: result }))];
    for (const planned of rules) {
      this.at(planned);
      blocks.push(
        this.block(() =>
          this.body(planned.rule.body ?? [], () =>
            this.term(planned.rule.head.key!, (value) => this.emit({ op: "SetAdd", value, set: result })),
          ),
        ),
      );
    }
    return blocks;
  }

  /** Rules whose refs go on behind the node: one nested object, and beside it the containers that are its own, so that no rule writes into a value of another. */
  private generalRules(rules: readonly PlannedRule[], result: Local): readonly Block[] {
    const own = this.fresh();
    const blocks = [
      this.block(() => {
        this.emit({ op: "MakeObject", target: result });
        this.emit({ op: "MakeObject", target: own });
      }),
    ];
    for (const planned of rules) {
      this.at(planned);
      const { rule, suffix } = planned;
      if (rule.default) this.unsupported(rule.head, "default rules below a general ref head");
      if (rule.else !== undefined) this.unsupported(rule.else.head, "else below a general ref head");
      const leaf = rule.head.key;
      blocks.push(
        this.block(() =>
          this.body(rule.body ?? [], () => {
            this.place(rule.head);
            const root = { object: result, own };
            if (leaf !== undefined) {
              return this.nested(root, suffix, true, (set) =>
                this.term(leaf, (value) => this.emit({ op: "SetAdd", value, set })),
              );
            }
            this.nested(root, suffix.slice(0, -1), false, (object) =>
              this.term(suffix.at(-1)!, (key) =>
                this.term(this.headValue(rule), (value) => {
                  this.place(rule.head);
                  this.emit({ op: "ObjectInsertOnce", key, value, object });
                }),
              ),
            );
          }),
        ),
      );
    }
    return blocks;
  }

  /** The container at the keys below an object, made where it is missing; a set at the end for `contains`. A value there that is no container of ours conflicts. */
  private nested(
    at: { readonly object: Local; readonly own: Local },
    keys: readonly Term[],
    set: boolean,
    next: (container: Local) => void,
  ): void {
    const [first, ...rest] = keys;
    if (first === undefined) return next(at.object);
    this.term(first, (key) => {
      const [inner, own] = [this.fresh(), this.fresh()];
      this.emit({ op: "ResetLocal", target: inner });
      this.emit({ op: "ResetLocal", target: own });
      const find = (source: Local, target: Local): Block =>
        this.block(() => {
          const found = this.fresh();
          this.emit({ op: "Dot", source: local(source), key, target: found });
          this.emit({ op: "AssignVar", source: local(found), target });
        });
      const make = this.block(() => {
        this.emit({ op: "IsUndefined", source: own });
        const container = this.fresh();
        this.emit(set && rest.length === 0 ? { op: "MakeSet", target: container } : { op: "MakeObject", target: container });
        // Equal only to an empty container, so any value of another rule conflicts here.
        this.emit({ op: "ObjectInsertOnce", key, value: local(container), object: at.object });
        this.emit({ op: "AssignVar", source: local(container), target: inner });
        this.emit({ op: "MakeObject", target: own });
        this.emit({ op: "ObjectInsert", key, value: local(own), object: at.own });
      });
      this.emit({ op: "Block", blocks: [find(at.object, inner), find(at.own, own), make] });
      this.nested({ object: inner, own }, rest, set, next);
    });
  }

  // --- Bodies and literals -----------------------------------------------------------------------------------------------------

  private body(body: Body, next: Next): void {
    const [first, ...rest] = body;
    if (first === undefined) return next();
    this.place(first);
    this.literal(first, () => this.body(rest, next));
  }

  private literal(expr: Expr, next: Next): void {
    if (expr.with.length > 0) return this.modified(expr, next);
    if (expr.negated) return this.absent((found) => this.positive(expr, found), next);
    this.positive(expr, next);
  }

  /** Goes on when `plan` finds a solution; the first one ends the search and its bindings are forgotten. */
  private exists(plan: (found: Next) => void, next: Next): void {
    this.emit({ op: "IsDefined", source: this.probe(plan) });
    next();
  }

  /** Goes on when `plan` finds no solution. */
  private absent(plan: (found: Next) => void, next: Next): void {
    this.emit({ op: "IsUndefined", source: this.probe(plan) });
    next();
  }

  /** A local that is defined once `plan` has found a solution. */
  private probe(plan: (found: Next) => void): Local {
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

  private positive(expr: Expr, next: Next): void {
    const { body } = expr;
    switch (body.kind) {
      case "some":
        return next();
      case "every":
        return this.every(body, next);
      case "notBody":
        return this.absent((found) => this.body(body.body, found), next);
      case "logical":
        return this.logical(body, next);
      case "call":
        return this.callStatement(body, next);
      default:
        return this.term(body, (value) => {
          this.emit({ op: "NotEqual", a: value, b: FALSE });
          next();
        });
    }
  }

  /** `and`, `or`: success or failure, no bindings; each operand has variables of its own. */
  private logical({ operator, left, right }: Logical, next: Next): void {
    if (operator === "and")
      return this.exists(
        (found) => this.body(left, found),
        () => this.exists((found) => this.body(right, found), next),
      );
    const holds = this.probe((found) => this.body(left, found));
    const other = this.block(() => {
      this.emit({ op: "IsUndefined", source: holds });
      this.exists(
        (found) => this.body(right, found),
        () => this.emit({ op: "AssignVar", source: TRUE, target: holds }),
      );
    });
    this.emit({ op: "Block", blocks: [other] });
    this.emit({ op: "IsDefined", source: holds });
    next();
  }

  /** No element fails; the first that does ends the search. Undefined for a domain that is no collection. */
  private every(every: Every, next: Next): void {
    this.term(every.domain, (domain) => {
      const source = this.localOf(domain);
      const collection = this.fresh();
      this.emit({ op: "ResetLocal", target: collection });
      const tests = (["IsArray", "IsObject", "IsSet"] as const).map((op) =>
        this.block(() => {
          this.emit({ op, source: local(source) });
          this.emit({ op: "AssignVar", source: TRUE, target: collection });
        }),
      );
      this.emit({ op: "Block", blocks: tests });
      this.emit({ op: "IsDefined", source: collection });
      const failed = this.fresh();
      this.emit({ op: "ResetLocal", target: failed });
      const scan = this.block(() => {
        const key = this.fresh();
        const value = this.fresh();
        const holds = this.fresh();
        const block = this.block(() => {
          this.emit({ op: "ResetLocal", target: holds });
          const inner = this.block(() => {
            const bindings: (readonly [string, Local])[] = [[every.value.name, value]];
            if (every.key !== undefined) bindings.push([every.key.name, key]);
            this.bindAll(bindings, () =>
              this.body(every.body, () => this.emit({ op: "AssignVar", source: TRUE, target: holds })),
            );
          });
          this.emit({ op: "Block", blocks: [inner] });
          this.emit({ op: "IsUndefined", source: holds });
          this.emit({ op: "AssignVar", source: TRUE, target: failed });
          this.emit({ op: "Break", index: 1 });
        });
        this.emit({ op: "Scan", source, key, value, block });
      });
      this.emit({ op: "Block", blocks: [scan] });
      this.emit({ op: "IsUndefined", source: failed });
      next();
    });
  }

  private bindAll(bindings: readonly (readonly [string, Local])[], use: Next): void {
    for (const [name, value] of bindings) this.env.set(name, local(value));
    use();
    for (const [name] of bindings) this.env.delete(name);
  }

  // --- with --------------------------------------------------------------------------------------------------------------------

  private modified(expr: Expr, next: Next): void {
    this.values(
      expr.with.map((modifier) =>
        this.mockTarget(modifier) === undefined || !this.isFunctionName(modifier.value) ? modifier.value : undefined,
      ),
      [],
      (values) => {
        const bare: Expr = { ...expr, with: [] };
        const outputs = expr.negated ? [] : this.outputs(bare);
        if (outputs.length === 0) {
          return this.exists((found) => this.replaced(expr.with, values, () => this.literal(bare, found)), next);
        }
        const all = this.fresh();
        this.emit({ op: "MakeArray", capacity: 1, target: all });
        const inner = this.block(() =>
          this.replaced(expr.with, values, () =>
            this.literal(bare, () => {
              const tuple = this.fresh();
              this.emit({ op: "MakeArray", capacity: outputs.length, target: tuple });
              for (const name of outputs) this.emit({ op: "ArrayAppend", value: this.env.get(name) ?? FALSE, array: tuple });
              this.emit({ op: "ArrayAppend", value: local(tuple), array: all });
            }),
          ),
        );
        this.emit({ op: "Block", blocks: [inner] });
        this.scan(all, (_key, tuple) => {
          const bindings = outputs.map((name, index) => {
            const value = this.fresh();
            const at = this.integer(index);
            this.emit({ op: "Dot", source: local(tuple), key: local(at), target: value });
            return [name, value] as const;
          });
          this.bindAll(bindings, next);
        });
      },
    );
  }

  /** Plans the terms in order; undefined ones are left out. */
  private values(
    terms: readonly (Term | undefined)[],
    done: readonly (Operand | undefined)[],
    next: (values: readonly (Operand | undefined)[]) => void,
  ): void {
    const index = done.length;
    if (index === terms.length) return next(done);
    const term = terms[index];
    if (term === undefined) return this.values(terms, [...done, undefined], next);
    this.term(term, (value) => this.values(terms, [...done, value], next));
  }

  /** The function or builtin that a modifier replaces, by name. */
  private mockTarget(modifier: With): string | undefined {
    const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
    const name = dotted(parts);
    if (name === undefined || name === "input" || name === "data") return undefined;
    if (parts[0]?.kind === "var" && parts[0].name === "data") {
      const node = findNode(this.rules.root, name.split(".").slice(1));
      return node?.rules.some(({ rule }) => isFunction(rule)) === true ? name : undefined;
    }
    return parts[0]?.kind === "var" && parts[0].name === "input" ? undefined : name;
  }

  private isFunctionName(value: Term): boolean {
    const name = value.kind === "var" ? value.name : value.kind === "ref" ? dotted(value.parts) : undefined;
    if (name === undefined) return false;
    if (name.startsWith("data."))
      return findNode(this.rules.root, name.split(".").slice(1))?.rules.some(({ rule }) => isFunction(rule)) === true;
    return this.program.builtins.has(name) && !this.env.has(name);
  }

  /** Plans `use` with the documents and functions replaced. */
  private replaced(modifiers: readonly With[], values: readonly (Operand | undefined)[], use: Next): void {
    const mocks = new Map(this.generation.mocks);
    const dropped = [...this.generation.dropped];
    const slots = [...this.slots];
    const overlays: { readonly target: Local; readonly path: readonly number[]; readonly value: Operand }[] = [];
    for (const [index, modifier] of modifiers.entries()) {
      const function_ = this.mockTarget(modifier);
      const value = values[index];
      if (function_ !== undefined) {
        if (value === undefined)
          mocks.set(function_, {
            kind: "function",
            name: (modifier.value.kind === "var" ? modifier.value.name : dotted((modifier.value as Ref).parts)) ?? "",
          });
        else {
          slots.push(this.localOf(value));
          mocks.set(function_, { kind: "value", slot: slots.length - 1 });
        }
        continue;
      }
      const parts = modifier.target.kind === "var" ? [modifier.target] : modifier.target.parts;
      const path: string[] = [];
      for (const part of parts.slice(1)) {
        if (part.kind === "string") path.push(part.value);
        else this.unsupported(modifier, "with on a path that is not constant");
      }
      const isData = parts[0]?.kind === "var" && parts[0].name === "data";
      if (isData) dropped.push(path);
      overlays.push({
        target: isData ? this.data : this.input,
        path: path.map((part) => this.program.text(part)),
        value: value!,
      });
    }
    const before = { generation: this.generation, slots: this.slots };
    const plan = (index: number): void => {
      const overlay = overlays[index];
      if (overlay === undefined) {
        this.generation = this.rules.generation(mocks, dropped, slots.length);
        this.slots = slots;
        use();
        this.generation = before.generation;
        this.slots = before.slots;
        return;
      }
      this.emit({
        op: "With",
        local: overlay.target,
        path: overlay.path,
        value: overlay.value,
        block: this.block(() => plan(index + 1)),
      });
    };
    plan(0);
  }

  /** The variables that a literal binds, by the present bindings. */
  private outputs(expr: Expr): readonly string[] {
    const found = new Set<string>();
    const note = (name: string): void => {
      if (!isRoot(name) && !this.env.has(name)) found.add(name);
    };
    if (expr.body.kind === "every" || expr.body.kind === "some" || expr.body.kind === "notBody" || expr.body.kind === "logical")
      return [];
    topLevelVars(expr.body, note);
    return [...found];
  }

  // --- Calls -------------------------------------------------------------------------------------------------------------------

  private callStatement(call: Call, next: Next): void {
    const name = dotted(call.operator.parts);
    if (call.args.length === 2 && (name === "eq" || name === "assign")) return this.unify(call.args[0]!, call.args[1]!, next);
    const arity = this.arityOf(name);
    if (arity !== undefined && call.args.length === arity + 1) {
      const output = call.args.at(-1)!;
      return this.callValue(call, call.args.slice(0, -1), (value) => this.match(output, value, next));
    }
    this.callValue(call, call.args, (value) => {
      if (value !== undefined) this.emit({ op: "NotEqual", a: value, b: FALSE });
      next();
    });
  }

  private arityOf(name: string | undefined): number | undefined {
    if (name === undefined) return undefined;
    if (name.startsWith("data.")) {
      return findNode(this.rules.root, name.split(".").slice(1))?.rules.find(({ rule }) => isFunction(rule))?.rule.head.args
        ?.length;
    }
    return this.program.builtins.get(name)?.args.length;
  }

  /** Calls with these arguments; `next` is planned once for each result that the call may give. */
  private callValue(call: Call, args: readonly Term[], next: (value: Operand) => void): void {
    const written = dotted(call.operator.parts);
    if (written === undefined) return this.unsupported(call, "a call whose function is not constant");
    this.values(args, [], (planned) => {
      const operands = planned as readonly Operand[];
      this.place(call);
      const mock = this.generation.mocks.get(written);
      if (mock?.kind === "value") return next(local(this.slots[mock.slot]!));
      if (mock === undefined) return this.invoke(written, operands, call, next);
      // A replacement runs without mocks: it may call what it stands for.
      const { generation, slots } = this;
      this.generation = this.rules.generation(new Map(), generation.dropped, 0);
      this.slots = [];
      this.invoke(mock.name, operands, call, (value) => {
        const inner = { generation: this.generation, slots: this.slots };
        this.generation = generation;
        this.slots = slots;
        next(value);
        this.generation = inner.generation;
        this.slots = inner.slots;
      });
      this.generation = generation;
      this.slots = slots;
    });
  }

  private invoke(name: string, args: readonly Operand[], call: Call, next: NextValue): void {
    const result = this.fresh();
    if (name.startsWith("data.")) {
      const node = findNode(this.rules.root, name.split(".").slice(1));
      if (node === undefined || node.rules.length === 0) return this.unsupported(call, `undefined function ${name}`);
      const func = this.rules.functionFor(node, this.generation);
      this.emit({ op: "Call", func, args: [local(this.input), local(this.data), ...this.slots.map(local), ...args], result });
      return next(local(result));
    }
    const builtin = this.program.builtins.get(name);
    if (builtin === undefined) return this.unsupported(call, `undefined function ${name}`);
    this.program.useBuiltin(builtin);
    this.emit({ op: "Call", func: name, args, result });
    if (builtin.relation === true) return this.scan(result, (_key, value) => next(local(value)));
    if (builtin.result === undefined) return next(TRUE);
    next(local(result));
  }

  // --- Unification -------------------------------------------------------------------------------------------------------------

  private unify(a: Term, b: Term, next: Next): void {
    this.equations([[a, b]], next);
  }

  /** Takes the first equation that has a side which can be evaluated now. */
  private equations(pairs: readonly (readonly [Term, Term])[], next: Next): void {
    if (pairs.length === 0) return next();
    const index = Math.max(
      0,
      pairs.findIndex(([a, b]) => this.evaluable(a) || this.evaluable(b)),
    );
    const [a, b] = pairs[index]!;
    const rest = pairs.filter((_, at) => at !== index);
    if (this.evaluable(a) && this.evaluable(b)) {
      return this.term(a, (left) =>
        this.term(b, (right) => {
          this.emit({ op: "Equal", a: left, b: right });
          this.equations(rest, next);
        }),
      );
    }
    if (a.kind === "array" && b.kind === "array" && !this.evaluable(a) && !this.evaluable(b)) {
      if (a.items.length !== b.items.length) return this.fail();
      return this.equations([...a.items.map((item, at) => [item, b.items[at]!] as const), ...rest], next);
    }
    if (a.kind === "object" && b.kind === "object" && !this.evaluable(a) && !this.evaluable(b)) {
      const pairsOf = a.entries.map(({ key, value }) => {
        const other = b.entries.find((entry) => isConstant(entry.key) && isConstant(key) && keyText(entry.key) === keyText(key));
        return other === undefined ? undefined : ([value, other.value] as const);
      });
      if (a.entries.length !== b.entries.length || pairsOf.some((pair) => pair === undefined)) return this.fail();
      return this.equations([...(pairsOf as (readonly [Term, Term])[]), ...rest], next);
    }
    const [pattern, value] = this.evaluable(b) ? [a, b] : [b, a];
    this.term(value, (operand) => this.match(pattern, operand, () => this.equations(rest, next)));
  }

  /** Matches a value with a pattern: unbound variables are bound, everything else must be equal. */
  private match(pattern: Term, value: Operand, next: Next): void {
    if (pattern.kind === "var" && !isRoot(pattern.name) && !this.env.has(pattern.name)) {
      // A copy, since loops reuse the local of a value.
      this.env.set(pattern.name, value);
      next();
      this.env.delete(pattern.name);
      return;
    }
    if (this.evaluable(pattern)) {
      return this.term(pattern, (wanted) => {
        this.emit({ op: "Equal", a: wanted, b: value });
        next();
      });
    }
    if (pattern.kind === "array") {
      this.emit({ op: "IsArray", source: value });
      this.checkLength(value, pattern.items.length);
      return this.matchItems(pattern.items, 0, value, next);
    }
    if (pattern.kind === "object") {
      this.emit({ op: "IsObject", source: value });
      this.checkLength(value, pattern.entries.length);
      return this.matchEntries(pattern.entries, value, next);
    }
    this.term(pattern, (wanted) => {
      this.emit({ op: "Equal", a: wanted, b: value });
      next();
    });
  }

  private checkLength(value: Operand, length: number): void {
    const found = this.fresh();
    this.emit({ op: "Len", source: value, target: found });
    this.emit({ op: "Equal", a: local(found), b: local(this.integer(length)) });
  }

  private matchItems(items: readonly Term[], index: number, value: Operand, next: Next): void {
    const item = items[index];
    if (item === undefined) return next();
    const found = this.fresh();
    this.emit({ op: "Dot", source: value, key: local(this.integer(index)), target: found });
    this.match(item, local(found), () => this.matchItems(items, index + 1, value, next));
  }

  private matchEntries(entries: readonly { readonly key: Term; readonly value: Term }[], value: Operand, next: Next): void {
    const [first, ...rest] = entries;
    if (first === undefined) return next();
    this.term(first.key, (key) => {
      const found = this.fresh();
      this.emit({ op: "Dot", source: value, key, target: found });
      this.match(first.value, local(found), () => this.matchEntries(rest, value, next));
    });
  }

  /** True when the term has a value by the present bindings; refs may bind their own keys. */
  private evaluable(term: Term): boolean {
    switch (term.kind) {
      case "var":
        return isRoot(term.name) || this.env.has(term.name);
      case "array":
      case "set":
        return term.items.every((item) => this.evaluable(item));
      case "object":
        return term.entries.every(({ key, value }) => this.evaluable(key) && this.evaluable(value));
      case "call":
        return term.args.every((arg) => this.evaluable(arg));
      case "ref":
        return this.evaluable(term.parts[0]!) || term.parts[0]!.kind === "call";
      default:
        return true;
    }
  }

  // --- Terms -------------------------------------------------------------------------------------------------------------------

  private term(term: Term, next: NextValue): void {
    switch (term.kind) {
      case "null": {
        const target = this.fresh();
        this.emit({ op: "MakeNull", target });
        return next(local(target));
      }
      case "boolean":
        return next({ kind: "bool", value: term.value });
      case "number":
        return next(local(this.number(term.text)));
      case "string":
        return next(this.program.string(term.value));
      case "var":
        return this.variable(term.name, term, next);
      case "ref":
        return this.ref(term, next);
      case "array":
        return this.values(term.items, [], (items) => {
          const target = this.fresh();
          this.emit({ op: "MakeArray", capacity: items.length, target });
          for (const item of items) this.emit({ op: "ArrayAppend", value: item!, array: target });
          next(local(target));
        });
      case "set":
        return this.values(term.items, [], (items) => {
          const target = this.fresh();
          this.emit({ op: "MakeSet", target });
          for (const item of items) this.emit({ op: "SetAdd", value: item!, set: target });
          next(local(target));
        });
      case "object":
        return this.values(
          term.entries.flatMap(({ key, value }) => [key, value]),
          [],
          (items) => {
            const target = this.fresh();
            this.emit({ op: "MakeObject", target });
            for (let index = 0; index < items.length; index += 2)
              this.emit({ op: "ObjectInsert", key: items[index]!, value: items[index + 1]!, object: target });
            next(local(target));
          },
        );
      case "call":
        return this.callValue(term, term.args, next);
      case "arrayComprehension":
        return this.comprehension({ op: "MakeArray", capacity: 0, target: this.fresh() }, term.body, next, (target) =>
          this.term(term.term, (value) => this.emit({ op: "ArrayAppend", value, array: target })),
        );
      case "setComprehension":
        return this.comprehension({ op: "MakeSet", target: this.fresh() }, term.body, next, (target) =>
          this.term(term.term, (value) => this.emit({ op: "SetAdd", value, set: target })),
        );
      case "objectComprehension":
        return this.comprehension({ op: "MakeObject", target: this.fresh() }, term.body, next, (target) =>
          this.term(term.key, (key) =>
            this.term(term.value, (value) => this.emit({ op: "ObjectInsertOnce", key, value, object: target })),
          ),
        );
      case "templateString":
        return this.unsupported(term, "template strings that were not rewritten");
    }
  }

  private comprehension(
    make: Statement<Extract<Stmt, { target: Local }>>,
    body: Body,
    next: NextValue,
    add: (target: Local) => void,
  ): void {
    this.emit(make as Statement);
    this.emit({ op: "Block", blocks: [this.block(() => this.body(body, () => add(make.target)))] });
    next(local(make.target));
  }

  private variable(name: string, place: Range, next: NextValue): void {
    if (name === "data") return this.document(this.rules.root, [], [], next);
    if (name === "input") {
      this.emit({ op: "IsDefined", source: this.input });
      return next(local(this.input));
    }
    const bound = this.env.get(name);
    if (bound === undefined) return this.unsupported(place, `the variable ${name} has no value here`);
    next(bound);
  }

  private number(text: string): Local {
    if (/^-?(?:0|[1-9][0-9]{0,17})$/.test(text) && text !== "-0") return this.integer(BigInt(text));
    const target = this.fresh();
    this.emit({ op: "MakeNumberRef", index: this.program.text(text), target });
    return target;
  }

  private integer(value: bigint | number): Local {
    const target = this.fresh();
    this.emit({ op: "MakeNumberInt", value: BigInt(value), target });
    return target;
  }

  // --- Refs --------------------------------------------------------------------------------------------------------------------

  private ref(ref: Ref, next: NextValue): void {
    const [head, ...parts] = ref.parts;
    if (head?.kind === "var" && parts.length === 0) return this.variable(head.name, ref, next);
    if (head?.kind === "var" && head.name === "data") return this.document(this.rules.root, [], parts, next);
    if (head?.kind === "var" && head.name === "input") return this.dots(local(this.input), parts, next);
    this.term(head!, (value) => this.dots(value, parts, next));
  }

  /** Walks into a value; an unbound variable goes through every key. */
  private dots(source: Operand, parts: readonly Term[], next: NextValue): void {
    const [part, ...rest] = parts;
    if (part === undefined) return next(source);
    if (this.evaluable(part)) {
      return this.term(part, (key) => {
        const target = this.fresh();
        this.emit({ op: "Dot", source, key, target });
        this.dots(local(target), rest, next);
      });
    }
    this.scan(this.localOf(source), (key, value) => this.match(part, local(key), () => this.dots(local(value), rest, next)));
  }

  /** Walks into a base document: its paths are texts, so a constant integer finds the key of an object as well. */
  private baseDots(source: Operand, parts: readonly Term[], next: NextValue): void {
    const [part, ...rest] = parts;
    if (part?.kind !== "number" || !/^[0-9]+$/.test(part.text)) {
      if (part !== undefined && isConstant(part)) {
        return this.dots(source, [part], (value) => this.baseDots(value, rest, next));
      }
      return this.dots(source, parts, next);
    }
    const result = this.fresh();
    this.emit({ op: "ResetLocal", target: result });
    const look = (key: Operand): Block =>
      this.block(() => {
        const found = this.fresh();
        this.emit({ op: "IsUndefined", source: result });
        this.emit({ op: "Dot", source, key, target: found });
        this.emit({ op: "AssignVar", source: local(found), target: result });
      });
    this.emit({ op: "Block", blocks: [look(local(this.number(part.text))), look(this.program.string(part.text))] });
    this.emit({ op: "IsDefined", source: result });
    this.baseDots(local(result), rest, next);
  }

  private scan(source: Local, use: (key: Local, value: Local) => void): void {
    const key = this.fresh();
    const value = this.fresh();
    this.emit({ op: "Scan", source, key, value, block: this.block(() => use(key, value)) });
  }

  /** A ref into `data`: rules and base documents side by side. `path` is the ground path so far. */
  private document(node: TrieNode | undefined, path: readonly string[], parts: readonly Term[], next: NextValue): void {
    if (node === undefined || this.isDropped(path)) return this.base(path, (value) => this.baseDots(value, parts, next));
    if (node.rules.some(({ rule }) => !isFunction(rule))) {
      const result = this.fresh();
      const func = this.rules.functionFor(node, this.generation);
      this.emit({ op: "Call", func, args: [local(this.input), local(this.data), ...this.slots.map(local)], result });
      return this.dots(local(result), parts, next);
    }
    const [part, ...rest] = parts;
    if (part === undefined) return this.extent(node, path, next);
    if (isConstant(part)) {
      const child = node.children.get(keyText(part));
      if (child === undefined || part.kind !== "string") {
        if (child === undefined) return this.base(path, (value) => this.baseDots(value, parts, next));
      }
      return this.document(child, [...path, keyText(part)], rest, next);
    }
    this.alternatives(node, path, part, rest, next);
  }

  /** A key that is not constant: each child that it may be, then the base document without the children's keys. */
  private alternatives(node: TrieNode, path: readonly string[], part: Term, rest: readonly Term[], next: NextValue): void {
    const bound = this.evaluable(part);
    const single = bound && rest.every((one) => this.evaluable(one));
    const result = this.fresh();
    const found: NextValue = single ? (value) => this.emit({ op: "AssignVar", source: value, target: result }) : next;
    const children = [...node.children].filter(([, child]) => this.visible(child));
    const plan = (key: Operand | undefined): void => {
      if (single) this.emit({ op: "ResetLocal", target: result });
      const blocks = children.map(([text, child]) =>
        this.block(() => {
          const constant = this.constant(child.key!);
          const goOn = (): void => this.document(child, [...path, text], rest, found);
          if (key !== undefined) {
            this.emit({ op: "Equal", a: key, b: constant });
            goOn();
          } else this.match(part, constant, goOn);
        }),
      );
      blocks.push(
        this.block(() =>
          this.base(path, (base) => {
            const without = (value: Operand): void => {
              for (const [, child] of children) this.emit({ op: "NotEqual", a: value, b: this.constant(child.key!) });
            };
            if (key !== undefined) {
              without(key);
              const target = this.fresh();
              this.emit({ op: "Dot", source: base, key, target });
              return this.dots(local(target), rest, found);
            }
            this.scan(this.localOf(base), (at, value) => {
              without(local(at));
              this.match(part, local(at), () => this.dots(local(value), rest, found));
            });
          }),
        ),
      );
      this.emit({ op: "Block", blocks });
      if (single) {
        this.emit({ op: "IsDefined", source: result });
        next(local(result));
      }
    };
    if (bound) this.term(part, (key) => plan(key));
    else plan(undefined);
  }

  private constant(term: Term): Operand {
    let operand: Operand = FALSE;
    this.term(term, (value) => {
      operand = value;
    });
    return operand;
  }

  /** True when something below the node is no function. */
  private visible(node: TrieNode): boolean {
    if (node.rules.length === 0 || node.rules.some(({ rule }) => !isFunction(rule))) return true;
    return [...node.children.values()].some((child) => this.visible(child));
  }

  private isDropped(path: readonly string[]): boolean {
    return this.generation.dropped.some(
      (dropped) => dropped.length <= path.length && dropped.every((part, index) => part === path[index]),
    );
  }

  /** The base document at a path; nothing when it is not there. */
  private base(path: readonly string[], next: NextValue): void {
    let source: Operand = local(this.data);
    if (path.length === 0) this.emit({ op: "IsDefined", source: this.data });
    for (const part of path) {
      const target = this.fresh();
      this.emit({
        op: "Dot",
        source,
        key: part.startsWith("\u0000") ? local(this.number(part.slice(1))) : this.program.string(part),
        target,
      });
      source = local(target);
    }
    next(source);
  }

  /** Everything at and below a node: what its rules give, merged with the base document. */
  private extent(node: TrieNode, path: readonly string[], next: NextValue): void {
    const virtual = this.fresh();
    this.emit({ op: "MakeObject", target: virtual });
    const blocks = [...node.children]
      .filter(([, child]) => this.visible(child))
      .map(([text, child]) =>
        this.block(() =>
          this.document(child, [...path, text], [], (value) =>
            this.emit({ op: "ObjectInsert", key: this.constant(child.key!), value, object: virtual }),
          ),
        ),
      );
    const merged = this.fresh();
    this.emit({ op: "Block", blocks });
    this.emit({ op: "AssignVar", source: local(virtual), target: merged });
    const merge = this.block(() =>
      this.base(path, (base) => {
        const source = this.localOf(base);
        this.emit({ op: "ObjectMerge", a: source, b: virtual, target: merged });
      }),
    );
    this.emit({ op: "Block", blocks: [merge] });
    next(local(merged));
  }

  // --- Building ----------------------------------------------------------------------------------------------------------------

  private fresh(): Local {
    return this.locals++;
  }

  private localOf(operand: Operand): Local {
    if (operand.kind === "local") return operand.local;
    const target = this.fresh();
    this.emit({ op: "AssignVar", source: operand, target });
    return target;
  }

  private emit(stmt: Statement): void {
    this.stmts.push({ ...stmt, location: this.location } as Stmt);
  }

  /** Leaves the block: the equation can never hold. */
  private fail(): void {
    this.emit({ op: "Break", index: 0 });
  }

  private block(plan: Next): Block {
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

  private place(range: Range): void {
    const lines = this.rules.lines[this.file];
    if (lines === undefined) return;
    const start = lines.rowCol(range.start);
    const end = lines.rowColOfEnd(range.end);
    this.location = { file: this.file, row: start.row, col: start.col, endRow: end.row, endCol: end.col };
  }

  private unsupported(range: Range, what: string): void {
    this.rules.unsupported.push({ file: this.file, range: { start: range.start, end: range.end }, what });
    this.fail();
  }
}

/** The dotted name of a ref of constant strings. */
function dotted(parts: readonly Term[]): string | undefined {
  const names = parts.map((part, index) =>
    index === 0 && part.kind === "var" ? part.name : part.kind === "string" ? part.value : undefined,
  );
  return names.every((name) => name !== undefined) ? names.join(".") : undefined;
}

/** The variables of a term that stand outside closures. */
function topLevelVars(term: Term, note: (name: string) => void): void {
  switch (term.kind) {
    case "var":
      note(term.name);
      return;
    case "ref":
      for (const part of term.parts) topLevelVars(part, note);
      return;
    case "array":
    case "set":
      for (const item of term.items) topLevelVars(item, note);
      return;
    case "object":
      for (const { key, value } of term.entries) {
        topLevelVars(key, note);
        topLevelVars(value, note);
      }
      return;
    case "call":
      for (const arg of term.args) topLevelVars(arg, note);
      return;
    default:
  }
}
