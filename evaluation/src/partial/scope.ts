// What is known of variables on one way through a query, and what is left of it so far; everything can be taken back.
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import { collectVars } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";

export class Scope {
  #bound = new Map<string, Term>();
  #open = new Set<string>();
  #saved: Expr[] = [];
  readonly #trail: (() => void)[] = [];
  readonly #plugging: Mapper = {
    term: (term) => this.plug(term),
    body: (body) => mapAll(body, (expr) => this.plugExpr(expr)),
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
    const mapped = mapTerm(term, this.#plugging);
    // A ref of a ref is one ref.
    if (mapped.kind === "ref" && mapped.parts[0]?.kind === "ref")
      return { ...mapped, parts: [...mapped.parts[0].parts, ...mapped.parts.slice(1)] };
    return mapped;
  }

  plugExpr(expr: Expr): Expr {
    return mapExpr(expr, this.#plugging);
  }

  /** Leaves an expression; its variables are open from now on. */
  save(expr: Expr): void {
    const plugged = this.plugExpr(expr);
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
