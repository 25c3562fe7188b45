// A body without the variables that only hand values on: each gives way to what it stands for.
import { exprOf, unification } from "#analysis/rego/tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import { isConstant, isScalar } from "#analysis/rego/tree/refs.ts";
import { isUnification, varsOf } from "#analysis/rego/tree/vars.ts";
import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Body, Call, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { calledFunction, isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";
import { shownName } from "./instances.ts";
import { isComposite, isFalse, isPattern, mentions, nowhere } from "./values.ts";

/** How many arguments what a call names has, where it gives one result for them. */
export type ArityOf = (call: Call) => number | undefined;

/** `isLive`: variables that others know of stay. */
export function propagated(body: Body, isLive: (name: string) => boolean, arityOf: ArityOf): Body {
  const classes = classesOf(body, isLive);
  const found = classes === undefined ? body : new Propagation(body, isLive, arityOf, classes).run();
  return found.some((expr) => bindsByRule(expr, found, isLive, arityOf)) ? body : found;
}

/** True where only the result of a rule that is left binds a variable: as in OPA, which knows nothing of such rules, the body stays then. */
function bindsByRule(expr: Expr, body: Body, isLive: (name: string) => boolean, arityOf: ArityOf): boolean {
  const { body: call } = expr;
  if (call.kind !== "call" || !calledFunction(call)!.startsWith("data.") || arityOf(call) !== undefined) return false;
  const names = call.args.flatMap((arg) => [...varsOf(arg, { skipClosures: true }).keys()]);
  return names.some(
    (name) => !isRootName(name) && !isLive(name) && !body.some((other) => other !== expr && binds(other, name, arityOf)),
  );
}

function binds({ negated, body }: Expr, name: string, arityOf: ArityOf): boolean {
  if (negated || body.kind === "notBody" || body.kind === "logical" || body.kind === "some" || body.kind === "every")
    return false;
  if (body.kind === "ref") return body.parts.slice(1).some((part) => mentions(part, name));
  if (body.kind !== "call") return false;
  if (calledFunction(body) === "eq") return mentions(body, name);
  return arityOf(body) === body.args.length - 1 && mentions(body.args.at(-1)!, name);
}

/** What each variable is the same as by an equation: a constant, or another variable. */
type Classes = ReadonlyMap<string, Term>;

/** Undefined where a variable would be two constants. */
function classesOf(body: Body, isLive: (name: string) => boolean): Classes | undefined {
  const parents = new Map<string, string>();
  const constants = new Map<string, Term>();
  const rootOf = (name: string): string => {
    let at = name;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  for (const expr of body) {
    const sides = sidesOf(expr);
    if (sides === undefined) continue;
    const [a, b] = sides;
    if (isOwn(a) && isOwn(b)) {
      const [left, right] = [rootOf(a.name), rootOf(b.name)];
      if (left === right || (isLive(left) && isLive(right))) continue;
      const [root, child] = isLive(left) ? [left, right] : [right, left];
      const [one, other] = [constants.get(root), constants.get(child)];
      if (one !== undefined && other !== undefined && keyOf(one) !== keyOf(other)) return undefined;
      parents.set(child, root);
      if (other !== undefined) constants.set(root, other);
    } else {
      const [name, value] = isOwn(a) ? [a.name, b] : isOwn(b) ? [b.name, a] : [];
      if (name === undefined || value === undefined || !isConstant(value)) continue;
      const root = rootOf(name);
      const before = constants.get(root);
      if (before !== undefined && keyOf(before) !== keyOf(value)) return undefined;
      constants.set(root, value);
    }
  }
  const names = new Set([...parents.keys(), ...constants.keys()]);
  return new Map(
    [...names].map((name) => [name, constants.get(rootOf(name)) ?? { kind: "var", name: rootOf(name), ...nowhere }]),
  );
}

function sidesOf(expr: Expr): readonly [Term, Term] | undefined {
  if (expr.negated || expr.with.length > 0 || !isUnification(expr)) return undefined;
  const { args } = expr.body as Call;
  return args.length === 2 ? [args[0]!, args[1]!] : undefined;
}

function isOwn(term: Term): term is Extract<Term, { kind: "var" }> {
  return term.kind === "var" && !isRootName(term.name);
}

class Propagation {
  readonly #body: Body;
  readonly #isLive: (name: string) => boolean;
  readonly #arityOf: ArityOf;
  readonly #classes: Classes;
  /** What variables that are gone stand for. */
  readonly #gone = new Map<string, Term>();
  /** Refs that were compared with themselves: they have to be there. Names are those that OPA makes for them. */
  readonly #compared = new Map<string, Term>();
  /** Variables that were compared with themselves. */
  readonly #settled = new Set<string>();
  /** Variables that something is looked up below. */
  readonly #heads = new Set<string>();
  readonly #left: Expr[] = [];

  constructor(body: Body, isLive: (name: string) => boolean, arityOf: ArityOf, classes: Classes) {
    this.#body = body;
    this.#isLive = isLive;
    this.#arityOf = arityOf;
    this.#classes = classes;
    for (const expr of body)
      walk(expr, (node) => {
        const head = node.kind === "ref" ? this.#same(node.parts[0]!) : undefined;
        if (head?.kind === "var") this.#heads.add(head.name);
        return false;
      });
  }

  run(): Body {
    for (const expr of this.#body) this.#take(expr);
    const open = [...this.#gone].filter(([name]) => !this.#settled.has(name)).concat([...this.#compared]);
    open.sort(([a], [b]) => compareStrings(shownName(b), shownName(a)));
    for (const [name, value] of open) this.#restore(name, value);
    return this.#left;
  }

  #compare(ref: Ref): void {
    this.#compared.set(`__localcp${this.#compared.size}__`, ref);
  }

  /** What a variable stood for and nothing else asks for is asked for again: it has to be defined. */
  #restore(name: string, value: Term): void {
    if (isConstant(value)) return;
    const wanted = keyOf(value);
    if (this.#left.some((expr) => isAskedIn(expr, wanted, isGround(value))) && !this.#left.some((expr) => mentions(expr, name)))
      return;
    if (this.#compared.has(name)) this.#left.push(exprOf(value, nowhere));
    else this.#left.push(unification({ kind: "var", name, ...nowhere }, value));
  }

  #take(expr: Expr): void {
    const sides = sidesOf(expr);
    if (sides !== undefined) {
      // Two names of one thing.
      if (sides.every(isOwn) && keyOf(this.#same(sides[0])) === keyOf(this.#same(sides[1]))) {
        const same = this.#same(sides[0]);
        const known = sides.find((side) => isOwn(side) && this.#isLive(side.name));
        // What others know of is said.
        if (known !== undefined && isConstant(same)) this.#left.push(unification(known, same));
        const value = same.kind === "var" ? this.#gone.get(same.name) : undefined;
        if (same.kind !== "var" || value?.kind !== "ref") return;
        this.#compare(value);
        this.#settled.add(same.name);
        return;
      }
      const live = sides.find((side) => isOwn(side) && this.#isLive(side.name));
      const other = live === sides[0] ? sides[1] : sides[0];
      // That a variable others know of is a constant, or another such variable, stays as it is.
      if (live !== undefined && (isScalar(other) || (isOwn(other) && this.#isLive(other.name)))) {
        this.#left.push(expr);
        return;
      }
      if (live !== undefined && isConstant(other)) {
        this.#left.push(unification(live, other));
        return;
      }
    }
    const replaced = this.#replaced(expr);
    const now = sidesOf(replaced);
    if (now !== undefined) {
      const [a, b] = now;
      if (keyOf(a) === keyOf(b) && a.kind === "ref") return this.#compare(a);
      if (keyOf(a) === keyOf(b) && (isConstant(a) || a.kind === "var")) return;
      if (this.#takes(a, b) || this.#takes(b, a)) return;
    }
    // A constant alone holds, unless it is false.
    if (!replaced.negated && replaced.body.kind !== expr.body.kind && isTrue(replaced)) return;
    if (replaced.body.kind === "call" && !replaced.negated && replaced.with.length === 0 && this.#takesCall(replaced.body))
      return;
    this.#left.push(replaced);
  }

  #same(term: Term): Term {
    return (term.kind === "var" ? this.#classes.get(term.name) : undefined) ?? term;
  }

  /** True when a variable gives way to a ref or a pattern. */
  #takes(variable: Term, value: Term): boolean {
    if (!this.#isFree(variable) || mentions(value, variable.name)) return false;
    const fits = value.kind === "ref" || (isComposite(value) && isComposable(value) && !this.#heads.has(variable.name));
    if (fits) this.#gone.set(variable.name, value);
    return fits;
  }

  #takesCall(call: Call): boolean {
    const arity = this.#arityOf(call);
    const out = call.args.at(-1);
    if (
      arity === undefined ||
      call.args.length !== arity + 1 ||
      out === undefined ||
      !this.#isFree(out) ||
      this.#heads.has(out.name)
    )
      return false;
    const args = call.args.slice(0, -1);
    if (args.some((arg) => mentions(arg, out.name))) return false;
    this.#gone.set(out.name, { ...call, args });
    return true;
  }

  #isFree(term: Term): term is Extract<Term, { kind: "var" }> {
    return isOwn(term) && !this.#isLive(term.name) && !this.#gone.has(term.name);
  }

  #replaced(expr: Expr): Expr {
    const isNegated = expr.negated || expr.body.kind === "notBody";
    const mapper: Mapper = {
      term: (term) => this.#term(term, isNegated, mapper),
      body: (body) => mapAll(body, (one) => mapExpr(one, mapper)),
    };
    return mapExpr(expr, mapper);
  }

  #term(term: Term, isNegated: boolean, mapper: Mapper): Term {
    if (term.kind === "var") {
      const same = this.#same(term);
      const value = same.kind === "var" ? (this.#gone.get(same.name) ?? same) : same;
      return isNegated && !isGround(value) ? same : value;
    }
    const mapped = mapTerm(term, mapper);
    const [head, ...rest] = mapped.kind === "ref" ? mapped.parts : [];
    if (mapped.kind === "ref" && head?.kind === "ref") return { ...mapped, parts: [...head.parts, ...rest] };
    return mapped;
  }
}

function isTrue({ body, with: modifiers }: Expr): boolean {
  const isTerm =
    body.kind !== "some" && body.kind !== "every" && body.kind !== "notBody" && body.kind !== "logical" && isConstant(body);
  return isTerm && !isFalse(body) && modifiers.length === 0;
}

/** True for arrays and objects with nothing in them that is asked for in an order of its own. */
function isComposable(value: Term): boolean {
  return !isPattern(value) || varsOf(value).size > 0;
}

function isGround(value: Term): boolean {
  return [...varsOf(value, { skipCallHead: true }).keys()].every(isRootName);
}

/** True where a term stands in an expression, as OPA looks for it: behind `not` too, but not in closures. */
function isAskedIn(expr: Expr, wanted: string, isGround: boolean): boolean {
  // What a document is replaced by is asked for in any case.
  if (expr.with.some(({ value }) => isAskedBy(value, wanted))) return true;
  // Variables in it may be bound by nothing else.
  if ((expr.negated || expr.body.kind === "notBody" || expr.body.kind === "logical") && !isGround) return false;
  return isAskedBy(expr.body.kind === "every" ? expr.body.domain : expr.body, wanted);
}

function isAskedBy(node: Node, wanted: string): boolean {
  let isAsked = false;
  walk(node, (one) => {
    if (/Comprehension$/u.test(one.kind) || one.kind === "templateString") return true;
    if (
      one.kind !== "expr" &&
      one.kind !== "some" &&
      one.kind !== "every" &&
      one.kind !== "notBody" &&
      one.kind !== "logical" &&
      keyOf(one) === wanted
    )
      isAsked = true;
    // What is asked for below a ref is asked for itself.
    if (one.kind === "ref" && !isAsked)
      for (let length = 2; length < one.parts.length; length++)
        isAsked ||= keyOf({ ...one, parts: one.parts.slice(0, length) }) === wanted;
    return isAsked;
  });
  return isAsked;
}
