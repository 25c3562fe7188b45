// Which variables a unification binds, given those that are bound already.
import type { ObjectTerm, Ref, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { collectVars, patternPlaces, safetyPlaces, type Vars, varsOf } from "../tree/vars.ts";

export type NameSet = ReadonlySet<string>;

/** Tells which variables are bound. */
export type Known = Pick<NameSet, "has">;

function allIn(vars: Vars, safe: Known): boolean {
  for (const name of vars.keys()) if (!safe.has(name)) return false;
  return true;
}

/** True when the head of a ref has a value. */
export function isRefSafe(ref: Ref, safe: Known): boolean {
  const head = ref.parts[0]!;
  if (head.kind === "var") return safe.has(head.name);
  return allIn(varsOf(head, safetyPlaces), safe);
}

/** The variables that `a = b` binds when those of `safe` are bound. */
export function unify(safe: Known, a: Term, b: Term): Set<string> {
  const unifier = new Unifier(safe);
  unifier.unify(a, b);
  return unifier.bound;
}

class Unifier {
  readonly bound = new Set<string>();
  readonly #safe: Known;
  /** Variable → variables that must be bound first. */
  #waiting: Map<string, Set<string>> | undefined;

  constructor(safe: Known) {
    this.#safe = safe;
  }

  #isSafe(name: string): boolean {
    return this.#safe.has(name) || this.bound.has(name);
  }

  /** Refs and calls give a value when what they need is bound. */
  #hasValue(term: Term): boolean {
    if (term.kind === "ref") return isRefSafe(term, this.#safe);
    return allIn(varsOf(term, safetyPlaces), this.#safe);
  }

  unify(a: Term, b: Term): void {
    switch (a.kind) {
      case "var":
        this.#unifyVar(a.name, b);
        return;
      case "ref":
      case "call":
        if (!this.#hasValue(a)) return;
        if (b.kind === "var") this.#mark(b.name);
        else if (b.kind === "array" || b.kind === "object") this.#markAll(b);
        return;
      case "arrayComprehension":
        if (b.kind === "var") this.#mark(b.name);
        else if (b.kind === "array") this.#markAll(b);
        return;
      case "objectComprehension":
        if (b.kind === "var") this.#mark(b.name);
        else if (b.kind === "object") this.#markAll(b);
        return;
      case "setComprehension":
        if (b.kind === "var") this.#mark(b.name);
        return;
      case "array":
        if (b.kind === "var") this.#unifyPattern(b.name, a);
        else if (b.kind === "arrayComprehension" || b.kind === "objectComprehension" || b.kind === "setComprehension")
          this.#markAll(a);
        else if (b.kind === "ref" || b.kind === "call") {
          if (this.#hasValue(b)) this.#markAll(a);
        } else if (b.kind === "array" && a.items.length === b.items.length) {
          for (let i = 0; i < a.items.length; i++) this.unify(a.items[i]!, b.items[i]!);
        }
        return;
      case "object":
        if (b.kind === "var") this.#unifyPattern(b.name, a);
        else if (b.kind === "ref" || b.kind === "call") {
          if (this.#hasValue(b)) this.#markAll(a);
        } else if (b.kind === "object") this.#unifyObjects(a, b);
        return;
      default:
        if (b.kind === "var") this.#mark(b.name);
    }
  }

  #unifyVar(name: string, b: Term): void {
    switch (b.kind) {
      case "var":
        if (this.#isSafe(b.name)) this.#mark(name);
        else if (this.#isSafe(name)) this.#mark(b.name);
        else {
          this.#wait(name, b.name);
          this.#wait(b.name, name);
        }
        return;
      case "array":
      case "object":
        this.#unifyPattern(name, b);
        return;
      case "ref":
      case "call":
        if (this.#hasValue(b)) this.#mark(name);
        return;
      default:
        this.#mark(name);
    }
  }

  #unifyObjects(a: ObjectTerm, b: ObjectTerm): void {
    if (a.entries.length !== b.entries.length) return;
    const values = new Map(b.entries.map(({ key, value }) => [keyOf(key), value]));
    for (const { key, value } of a.entries) {
      const other = values.get(keyOf(key));
      if (other !== undefined) this.unify(value, other);
    }
  }

  #markAll(pattern: Term): void {
    for (const name of varsOf(pattern, patternPlaces).keys()) this.#mark(name);
  }

  #mark(name: string): void {
    this.bound.add(name);
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.size === 0) return;
    const needed = waiting.get(name);
    waiting.delete(name);
    for (const other of needed ?? []) this.#mark(other);
    for (const [other, needs] of [...waiting]) {
      if (needs.delete(name) && needs.size === 0) this.#mark(other);
    }
  }

  #wait(name: string, on: string): void {
    this.#waiting ??= new Map();
    const needs = this.#waiting.get(name);
    if (needs === undefined) this.#waiting.set(name, new Set([on]));
    else needs.add(on);
  }

  #unifyPattern(name: string, pattern: Term): void {
    if (this.#isSafe(name)) {
      this.#markAll(pattern);
      return;
    }
    const vars: Vars = new Map();
    collectVars(pattern, patternPlaces, vars);
    const open = [...vars.keys()].filter((other) => !this.#isSafe(other));
    if (open.length === 0) this.#mark(name);
    else for (const other of open) this.#wait(name, other);
  }
}
