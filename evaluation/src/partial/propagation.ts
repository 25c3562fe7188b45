// A body without the variables that only hand values on: each gives way to what it stands for.
import type { Arity } from "#analysis/rego/safety/outputs.ts";
import { outputsOf, outputsOfBody } from "#analysis/rego/safety/outputs.ts";
import { placesFor } from "#analysis/rego/safety/reorder.ts";
import { exprOf, unification } from "#analysis/rego/tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { isUnification, safetyPlaces, varsOf, varsOfBody } from "#analysis/rego/tree/vars.ts";
import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Body, Call, Expr, Ref, Term, Var } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";
import { Classes } from "./classes.ts";
import { shownName } from "./instances.ts";
import { isFalse, mentions, nowhere } from "./values.ts";

export interface PropagationOptions {
  /** Variables that others know of stay. */
  readonly isLive: (name: string) => boolean;
  /** How many arguments what a call names has, rules that are left not among them. */
  readonly arity: Arity;
  /** True for functions that give one result for their arguments. */
  readonly givesOne: (call: Call) => boolean;
}

export function propagated(body: Body, options: PropagationOptions): Body {
  const classes = Classes.of(body, options.isLive);
  return classes === undefined ? body : (new Propagation(body, options, classes).run() ?? body);
}

/** Both sides of an equation that holds. */
function sidesOf(expr: Expr): readonly [Term, Term] | undefined {
  if (isNegated(expr) || expr.with.length > 0 || !isUnification(expr)) return undefined;
  const { args } = expr.body as Call;
  return args.length === 2 ? [args[0]!, args[1]!] : undefined;
}

function isNegated({ negated, body }: Expr): boolean {
  return negated || body.kind === "notBody";
}

class Propagation {
  readonly #body: Body;
  readonly #options: PropagationOptions;
  readonly #classes: Classes;
  /** What variables that are gone stand for. */
  readonly #gone = new Map<string, Term>();
  /** Refs that were compared with themselves, by the names that OPA makes for them: they have to be there. */
  readonly #compared = new Map<string, Term>();
  /** Variables that something is looked up below. */
  readonly #heads = new Set<string>();
  readonly #left: Expr[] = [];

  constructor(body: Body, options: PropagationOptions, classes: Classes) {
    this.#body = body;
    this.#options = options;
    this.#classes = classes;
    for (const expr of body)
      walk(expr, (node) => {
        const head = node.kind === "ref" ? node.parts[0] : undefined;
        if (head?.kind === "var" && !isRootName(head.name)) this.#heads.add(classes.asHead(head.name));
        return false;
      });
  }

  /** Undefined where a variable would be left that nothing binds. */
  run(): Body | undefined {
    for (const expr of this.#body) {
      const replaced = this.#withinNot(this.#replaced(expr));
      if (!this.#takes(replaced)) this.#left.push(replaced);
    }
    this.#sayLive();
    return this.#restore() ? this.#left : undefined;
  }

  /** The body behind `not` goes through the same, with what it shares with this one known to others. */
  #withinNot(expr: Expr): Expr {
    if (expr.body.kind !== "notBody") return expr;
    const known = new Set(this.#classes.names);
    const isLive = (name: string): boolean => this.#options.isLive(name) || known.has(name) || this.#gone.has(name);
    const shared = new Set([...varsOfBody(expr.body.body, safetyPlaces).keys()].filter(isLive));
    const body = propagated(expr.body.body, { ...this.#options, isLive: (name) => shared.has(name) });
    const holds = exprOf({ kind: "boolean", value: true, ...nowhere }, nowhere, { generated: true });
    return { ...expr, body: { ...expr.body, body: body.length === 0 ? [holds] : body } };
  }

  /** What the variables that others know of have come to. */
  #sayLive(): void {
    const names = this.#classes.names.filter(this.#options.isLive).sort((a, b) => compareStrings(shownName(a), shownName(b)));
    for (const name of names) {
      const same = this.#classes.rootOf(name);
      const value = same.kind === "var" ? (this.#gone.get(same.name) ?? same) : same;
      if (value.kind !== "var" || value.name !== name) this.#left.push(unification(variable(name), value));
    }
  }

  /** Asks again for what has to be defined or binds a variable, and for which nothing else asks; false where a variable stays unbound. */
  #restore(): boolean {
    const { isLive, arity } = this.#options;
    const safe = new Set(["input", "data"]);
    for (const expr of this.#body) for (const name of varsOf(expr).keys()) if (isLive(name)) safe.add(name);
    for (const name of outputsOfBody(this.#left, arity, safe)) safe.add(name);
    const unsafe = new Set([...varsOfBody(this.#left, placesFor(arity)).keys()].filter((name) => !safe.has(name)));
    const gone = [...this.#gone, ...this.#compared];
    gone.sort(([a], [b]) => compareStrings(shownName(b), shownName(a)));
    for (const [name, value] of gone) {
      const equation = unification(variable(name), value);
      const outputs = outputsOf(equation, arity, safe);
      const binds = [...outputs].filter((one) => unsafe.delete(one)).length > 0;
      // That a whole document is there is nothing to ask for.
      const isDocument =
        value.kind === "ref" && value.parts.length === 1 && value.parts[0]!.kind === "var" && safe.has(value.parts[0]!.name);
      if (!binds && (isDocument || this.#left.some((expr) => isAskedIn(expr, keyOf(value))))) continue;
      this.#left.push(this.#compared.has(name) ? exprOf(value, nowhere) : equation);
      for (const one of outputs) safe.add(one);
    }
    return unsafe.size === 0;
  }

  /** True where an expression is not left: it says what a variable stands for, or nothing. */
  #takes(expr: Expr): boolean {
    if (isNegated(expr) || expr.with.length > 0) return false;
    const sides = sidesOf(expr);
    if (sides !== undefined) {
      const [a, b] = sides;
      if (keyOf(a) === keyOf(b)) {
        if (a.kind === "ref" && this.#isAskedFor(a)) this.#compared.set(`__localcp${this.#compared.size}__`, a);
        return true;
      }
      return this.#takesRef(a, b) || this.#takesRef(b, a);
    }
    const { body } = expr;
    if (body.kind === "call") return this.#takesCall(body);
    return isTerm(body) && isConstant(body) && !isFalse(body);
  }

  /** True for a ref that nobody asks for but who compares it with itself, and where others know of its head. */
  #isAskedFor(ref: Ref): boolean {
    const [head] = ref.parts;
    if (head?.kind === "var" && this.#options.isLive(head.name)) return true;
    return ![...this.#gone.values()].some((value) => keyOf(value) === keyOf(ref));
  }

  #takesRef(name: Term, value: Term): boolean {
    if (!this.#isFree(name) || value.kind !== "ref" || mentions(value, name.name)) return false;
    this.#gone.set(name.name, value);
    return true;
  }

  #takesCall(call: Call): boolean {
    const out = call.args.at(-1);
    const args = call.args.slice(0, -1);
    if (
      out === undefined ||
      !this.#isFree(out) ||
      this.#heads.has(out.name) ||
      this.#options.arity(call.operator) !== args.length
    )
      return false;
    if (!this.#options.givesOne(call) || args.some((arg) => mentions(arg, out.name))) return false;
    this.#gone.set(out.name, { ...call, args });
    return true;
  }

  #isFree(term: Term): term is Var {
    return term.kind === "var" && !isRootName(term.name) && !this.#options.isLive(term.name) && !this.#gone.has(term.name);
  }

  #replaced(expr: Expr): Expr {
    const mapper: Mapper = {
      term: (term) => this.#term(term, isNegated(expr), mapper),
      body: (body) => mapAll(body, (one) => mapExpr(one, mapper)),
    };
    return mapExpr(expr, mapper);
  }

  #term(term: Term, isNegated: boolean, mapper: Mapper): Term {
    if (term.kind === "var") {
      const same = this.#classes.rootOf(term.name);
      const value = same.kind === "var" ? this.#gone.get(same.name) : undefined;
      if (same.kind !== "var" || value === undefined || mentions(value, same.name)) return same;
      if (isNegated && !isGround(value)) return same;
      // As in OPA, what a variable stands for changes with what stands in it.
      const replaced = this.#term(value, isNegated, mapper);
      this.#gone.set(same.name, replaced);
      return replaced;
    }
    const mapped = mapTerm(term, mapper);
    const [head, ...rest] = mapped.kind === "ref" ? mapped.parts : [];
    if (mapped.kind === "ref" && head?.kind === "ref") return { ...mapped, parts: [...head.parts, ...rest] };
    return mapped;
  }
}

function variable(name: string): Var {
  return { kind: "var", name, ...nowhere };
}

function isTerm(body: Expr["body"]): body is Term {
  return body.kind !== "some" && body.kind !== "every" && body.kind !== "notBody" && body.kind !== "logical";
}

/** As in OPA, the head of a ref may be a variable. */
function isGround(value: Term): boolean {
  return varsOf(value, { skipCallHead: true, skipRefHead: true }).size === 0;
}

/** True where a term stands in an expression, as OPA looks for it: behind `not` too, but not in closures. */
function isAskedIn(expr: Expr, wanted: string): boolean {
  // What a document is replaced by is asked for in any case.
  if (expr.with.some(({ value }) => isAskedBy(value, wanted))) return true;
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
    if (one.kind === "ref" && !isAsked) isAsked = prefixesOf(one).some((prefix) => keyOf(prefix) === wanted);
    return isAsked;
  });
  return isAsked;
}

function prefixesOf(ref: Ref): readonly Ref[] {
  return ref.parts.slice(2).map((_, at) => ({ ...ref, parts: ref.parts.slice(0, at + 2) }));
}
