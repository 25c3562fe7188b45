// What is known of variables on one way through a query, and what is left of it so far; everything can be taken back.
import { unification, varTerm } from "#analysis/rego/tree/make.ts";
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import { collectVars, varsOf } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { type Comprehension, isComprehension, nowhere } from "./values.ts";

export class Scope {
  #bound = new Map<string, Term>();
  #open = new Set<string>();
  #saved: Expr[] = [];
  readonly #trail: (() => void)[] = [];
  /** Comprehensions as they were before what is known was put into them. */
  readonly #written = new WeakMap<Comprehension, Comprehension>();
  /** Comprehensions that are left. */
  readonly #amended = new WeakSet<Term>();
  readonly #plugging: Mapper = {
    term: (term) => this.plug(term),
    body: (body) => mapAll(body, (expr) => this.plugExpr(expr)),
  };

  readonly #amending: Mapper = {
    term: (term) => (isComprehension(term) ? this.#amendedOf(term) : mapTerm(term, this.#amending)),
    body: (body) => mapAll(body, (expr) => mapExpr(expr, this.#amending)),
  };

  /** Does something whose traces are taken back. */
  attempt(work: () => void): void {
    const mark = this.#trail.length;
    work();
    while (this.#trail.length > mark) this.#trail.pop()!();
  }

  /** Does something with nothing left yet; what is left stays apart. */
  apart(work: () => void): void {
    const saved = this.#saved;
    this.#saved = [];
    this.attempt(work);
    this.#saved = saved;
  }

  bind(name: string, term: Term): void {
    this.#bound.set(name, term);
    this.#trail.push(() => this.#bound.delete(name));
  }

  /** The variables that are bound. */
  get names(): readonly string[] {
    return [...this.#bound.keys()];
  }

  /** What a variable was bound to, followed to its end. */
  lookUp(term: Term): Term {
    let at = term;
    while (at.kind === "var") {
      const bound = this.#bound.get(at.name);
      if (bound === undefined) return at;
      at = bound;
    }
    return at;
  }

  /** True for variables that what is left decides on. */
  isOpen(name: string): boolean {
    return this.#open.has(name);
  }

  /** True for variables that nothing is known of yet. */
  isFree(term: Term): boolean {
    return term.kind === "var" && !this.#open.has(term.name) && !isRootName(term.name);
  }

  plug(term: Term): Term {
    if (term.kind === "var") {
      const found = this.lookUp(term);
      return found === term || found.kind === "var" ? found : this.plug(found);
    }
    if (this.#amended.has(term)) return term;
    const mapped = mapTerm(term, this.#plugging);
    if (isComprehension(mapped)) this.#written.set(mapped, isComprehension(term) ? (this.#written.get(term) ?? term) : mapped);
    // A ref of a ref is one ref.
    if (mapped.kind === "ref" && mapped.parts[0]?.kind === "ref")
      return { ...mapped, parts: [...mapped.parts[0].parts, ...mapped.parts.slice(1)] };
    return mapped;
  }

  plugExpr(expr: Expr): Expr {
    return mapExpr(expr, this.#plugging);
  }

  /** As in OPA, what is known of the variables in a comprehension that is left is said at its end. */
  #amendedOf(plugged: Comprehension): Term {
    const written = this.#written.get(plugged) ?? plugged;
    if (this.#amended.has(plugged)) return plugged;
    const inside = varsOf(written);
    const said = this.names
      .filter((name) => inside.has(name))
      .map((name) => unification(varTerm(name, nowhere), this.plug(varTerm(name, nowhere))));
    const amended = { ...written, body: [...written.body, ...said] };
    this.#amended.add(amended);
    return amended;
  }

  /** Leaves an expression; its variables are open from now on. */
  save(expr: Expr): void {
    const plugged = mapExpr(this.plugExpr(expr), this.#amending);
    this.#saved.push(plugged);
    this.#trail.push(() => this.#saved.pop());
    this.#openAll(plugged);
  }

  /** Opens the variables of a term. */
  open(term: Term): void {
    this.#openAll({ kind: "expr", negated: false, body: this.plug(term), with: [], start: term.start, end: term.end });
  }

  #openAll(expr: Expr): void {
    const names = new Map();
    collectVars(expr, { skipCallHead: true, skipClosures: true }, names);
    for (const name of names.keys()) {
      if (isRootName(name) || this.#open.has(name)) continue;
      this.#open.add(name);
      this.#trail.push(() => this.#open.delete(name));
    }
  }

  /** What is left, with all that is known of its variables. */
  get left(): Body {
    return this.#saved.map((expr) => this.plugExpr(expr));
  }

  get count(): number {
    return this.#saved.length;
  }
}
