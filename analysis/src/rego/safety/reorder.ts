// Puts the expressions of a body into an order in which every variable is bound before it is needed, or says which cannot be.
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { exprKey } from "#grammars/rego/term-key.ts";
import { CLOSURE, COMPREHENSION, holds } from "../tree/features.ts";
import { mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import {
  collectVars,
  isNamed,
  isUnification,
  safetyPlaces,
  type VarPlaces,
  type VarSink,
  type Vars,
  varsOf,
  varsOfAll,
  varsOfBody,
} from "../tree/vars.ts";
import { closureBodies, isComprehension, type Node, walk } from "../tree/walk.ts";
import { type Arity, outputsOf, outputsOfBody, outputsOfUnification } from "./outputs.ts";
import type { NameSet } from "./unify.ts";

/** Expression → its variables that nothing binds. */
export type Unsafe = Map<Expr, Set<string>>;

const nothing: ReadonlyMap<Expr, ReadonlySet<string>> = new Map();
const noExprs: readonly Expr[] = [];

export interface Reordered {
  readonly body: Body;
  readonly unsafe: ReadonlyMap<Expr, ReadonlySet<string>>;
}

/** The places of the safety check: operands without braces and implicit `not` show the variables they do not bind. */
export function placesFor(arity: Arity): VarPlaces {
  return {
    ...safetyPlaces,
    operands: (node, into) => {
      if (node.kind === "notBody") {
        if (node.implicit) promote(node.body, arity, into);
        return;
      }
      if (node.implicitLeft) promote(node.left, arity, into);
      if (node.implicitRight) promote(node.right, arity, into);
    },
  };
}

function promote(body: Body, arity: Arity, into: VarSink): void {
  for (const [name, range] of varsFromOutside(body, arity)) if (!into.has(name)) into.set(name, range);
}

/** The variables of an operand without braces that it does not bind and use by itself. */
function varsFromOutside(body: Body, arity: Arity): Vars {
  const occurrences = new Map<string, number>();
  const all: Vars = new Map();
  for (const expr of body) {
    for (const [name, range] of varsOf(expr, safetyPlaces)) {
      occurrences.set(name, (occurrences.get(name) ?? 0) + 1);
      if (!all.has(name)) all.set(name, range);
    }
  }
  if (body.length <= 1) return all;
  const safe = new Set(["input", "data", ...all.keys()]);
  for (const expr of body) {
    if (!isUnification(expr) || expr.body.kind !== "call") continue;
    for (const side of expr.body.args.slice(0, 2)) if (side.kind === "var") safe.delete(side.name);
  }
  const bound = new Set<string>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const expr of body) {
      if (!isUnification(expr)) continue;
      for (const name of outputsOfUnification(expr, safe)) {
        if (bound.has(name)) continue;
        bound.add(name);
        safe.add(name);
        changed = true;
      }
    }
  }
  for (const expr of body) {
    if (expr.body.kind !== "call" || isUnification(expr)) continue;
    const count = arity(expr.body.operator);
    if (count < 0) continue;
    const outputs = varsOfAll(expr.body.args.slice(count), {
      skipClosures: true,
      skipSets: true,
      skipObjectKeys: true,
      skipRefHead: true,
    });
    for (const name of outputs.keys()) bound.add(name);
  }
  for (const [name, times] of occurrences) if (bound.has(name) && times > 1) all.delete(name);
  return all;
}

/** Every variable inside the closures of an expression. */
function varsInClosures(expr: Expr): Vars {
  const into: Vars = new Map();
  walk(expr, (node: Node) => {
    if (node.kind === "every") {
      varsOfBody(node.body, {}, into);
      return true;
    }
    if (closureBodies(node).length === 0) return false;
    collectVars(node, {}, into);
    return true;
  });
  return into;
}

/** True for a body without bodies inside of it whose expressions have all they need from those before, as most are written. */
function isInOrder(body: Body, arity: Arity, globals: NameSet, places: VarPlaces): boolean {
  const safe = new Set<string>();
  /** Of one expression: the first `count` of them, so that the list need not grow again for each. */
  const open: string[] = [];
  let count = 0;
  const sink: VarSink = {
    has: (name) => safe.has(name) || (globals.has(name) && safe.add(name).has(name)),
    set: (name) => {
      open[count++] = name;
    },
  };
  for (let i = 0; i < body.length; i++) {
    const expr = body[i]!;
    count = 0;
    collectVars(expr, places, sink);
    if (count === 0) continue;
    if (count === 1 && binds(expr, open[0]!, arity)) {
      safe.add(open[0]!);
      continue;
    }
    const outputs = outputsOf(expr, arity, safe);
    for (let at = 0; at < count; at++) if (!outputs.has(open[at]!)) return false;
    for (const name of outputs) safe.add(name);
  }
  return true;
}

/** True for an expression that gives its only open variable a value in the most common ways: as a side of an equation, or as what a function returns. */
function binds({ negated, body }: Expr, name: string, arity: Arity): boolean {
  if (negated || body.kind !== "call") return false;
  const { operator, args } = body;
  const isEquation = isNamed(operator, "eq");
  const bound = args[isEquation ? 0 : args.length - 1];
  if (bound?.kind !== "var" || bound.name !== name) return false;
  return isEquation ? args.length === 2 : arity(operator) === args.length - 1;
}

/** The body in safe order, the bodies inside of it too; `closures` is false for a body that has none. */
export function reorder(
  body: Body,
  arity: Arity,
  globals: NameSet,
  places: VarPlaces = placesFor(arity),
  closures = true,
): Reordered {
  const enclosing = closures ? body.filter((expr) => holds(expr, CLOSURE)) : noExprs;
  if (enclosing.length === 0 && isInOrder(body, arity, globals, places)) return { body, unsafe: nothing };
  const varsByExpr = new Map<Expr, Vars>();
  const bodyVars = new Set<string>();
  const safe = new Set<string>();
  const unsafe: Unsafe = new Map();
  for (const expr of body) {
    const vars = varsOf(expr, places);
    varsByExpr.set(expr, vars);
    let open: Set<string> | undefined;
    for (const name of vars.keys()) {
      bodyVars.add(name);
      if (globals.has(name)) safe.add(name);
      else if (open === undefined) open = new Set([name]);
      else open.add(name);
    }
    if (open !== undefined) unsafe.set(expr, open);
  }
  const closed = new Map<Expr, readonly string[]>();
  for (const expr of enclosing) {
    closed.set(
      expr,
      [...varsInClosures(expr).keys()].filter((name) => bodyVars.has(name) && !globals.has(name)),
    );
  }
  const ordered: Expr[] = [];
  const waiting = new Set(body);
  const left = new Set<string>();
  const indices = new Map(body.map((expr, index) => [expr, index]));
  for (let count = -1; count < ordered.length && waiting.size > 0; ) {
    count = ordered.length;
    for (const expr of waiting) {
      if (isTwin(ordered[indices.get(expr)!], expr)) continue;
      const outputs = outputsOf(expr, arity, safe, left);
      const closedOver = closed.get(expr);
      if (closedOver !== undefined && closedOver.length > 0) {
        const bound = outputsOfBody(ordered, arity, safe);
        const missing = closedOver.filter((name) => !bound.has(name));
        if (missing.length > 0) {
          if (missing.length === outputs.size && missing.every((name) => outputs.has(name))) continue;
          unsafe.set(expr, new Set(missing));
        }
      }
      const open = unsafe.get(expr);
      if (open !== undefined) {
        for (const name of open) if (outputs.has(name) || safe.has(name)) open.delete(name);
        if (open.size > 0) continue;
        unsafe.delete(expr);
      }
      waiting.delete(expr);
      ordered.push(expr);
      for (const name of outputs) safe.add(name);
    }
  }
  if (closed.size === 0) return { body: ordered, unsafe };
  return new ClosureOrder(arity, places, globals, unsafe).apply(ordered, varsByExpr, closed);
}

/** As OPA has it, an expression that stands where an equal one stood is taken for that one, which then never finds its place. */
function isTwin(ordered: Expr | undefined, expr: Expr): boolean {
  return ordered !== undefined && ordered.body.kind === expr.body.kind && exprKey(ordered) === exprKey(expr);
}

/** Orders the bodies inside of the expressions; each sees what the expressions before it bind. */
class ClosureOrder {
  readonly #arity: Arity;
  readonly #places: VarPlaces;
  readonly #globals: Set<string>;
  readonly #unsafe: Unsafe;
  #current: Expr | undefined;

  constructor(arity: Arity, places: VarPlaces, globals: NameSet, unsafe: Unsafe) {
    this.#arity = arity;
    this.#places = places;
    this.#globals = new Set(globals);
    this.#unsafe = unsafe;
  }

  apply(ordered: readonly Expr[], vars: ReadonlyMap<Expr, Vars>, closed: ReadonlyMap<Expr, unknown>): Reordered {
    let previous: Expr | undefined;
    const body = ordered.map((expr) => {
      for (const name of (previous && vars.get(previous))?.keys() ?? []) this.#globals.add(name);
      previous = expr;
      if (!closed.has(expr)) return expr;
      this.#current = expr;
      const rewritten = this.#expr(expr);
      const open = this.#unsafe.get(expr);
      if (open !== undefined && rewritten !== expr) {
        this.#unsafe.delete(expr);
        this.#unsafe.set(rewritten, open);
      }
      return rewritten;
    });
    return { body, unsafe: this.#unsafe };
  }

  readonly #expr = (expr: Expr): Expr => {
    const { body } = expr;
    switch (body.kind) {
      case "every": {
        if (body.key !== undefined) this.#globals.add(body.key.name);
        this.#globals.add(body.value.name);
        return { ...expr, body: { ...body, body: this.#inner([], body.body) } };
      }
      case "notBody":
        return { ...expr, body: { ...body, body: this.#inner([], body.body) } };
      case "logical":
        return { ...expr, body: { ...body, left: this.#inner([], body.left), right: this.#inner([], body.right) } };
      default:
        return mapExpr(expr, this.#mapper);
    }
  };

  readonly #term = (term: Term): Term => {
    if (!holds(term, COMPREHENSION)) return term;
    if (isComprehension(term)) {
      const yielded = term.kind === "objectComprehension" ? [term.key, term.value] : [term.term];
      return { ...term, body: this.#inner(yielded, term.body) };
    }
    return mapTerm(term, this.#mapper);
  };

  readonly #mapper = { term: this.#term, body: (body: Body): Body => mapAll(body, this.#expr) };

  #inner(yielded: readonly Term[], body: Body): Body {
    if (yielded.length > 0) {
      const known = varsOfBody(body, this.#places);
      for (const name of varsOfAll(yielded).keys()) {
        if (known.has(name) || this.#globals.has(name)) continue;
        const open = this.#unsafe.get(this.#current!) ?? new Set();
        open.add(name);
        this.#unsafe.set(this.#current!, open);
      }
    }
    const { body: ordered, unsafe } = reorder(body, this.#arity, this.#globals, this.#places);
    if (unsafe.size === 0) return ordered;
    for (const [expr, names] of unsafe) {
      const open = this.#unsafe.get(expr) ?? new Set();
      for (const name of names) open.add(name);
      this.#unsafe.set(expr, open);
    }
    return body;
  }
}
