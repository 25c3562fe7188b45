// Which comprehensions OPA's interpreter evaluates once for all values of the variables that they share with the body around them: an
// equation of a variable and a comprehension whose body can do without that body.
import { type Arity, outputsOfBody } from "#analysis/rego/safety/outputs.ts";
import { calledName, isUnification, safetyPlaces, varsOf, varsOfAll, varsOfBody } from "#analysis/rego/tree/vars.ts";
import { contains, forEachChild, isComprehension, type Node } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Head, Term } from "#grammars/rego/ast.ts";
import { isRootName, rootNames } from "#grammars/rego/nodes.ts";

export type Comprehension = Extract<Term, { readonly body: Body }>;

/** What a body stands in: a rule with its `else` branches, or a query. */
export interface Bodied {
  readonly head: { readonly args?: Head["args"] };
  readonly body?: Body | undefined;
  readonly else?: Bodied | undefined;
}

/** The shared variables of each such comprehension, in order. */
export function comprehensionKeys(within: Bodied, arity: Arity): ReadonlyMap<Term, readonly string[]> {
  const found = new Map<Term, readonly string[]>();
  for (let one: Bodied | undefined = within; one !== undefined; one = one.else) {
    const outer = new Set(varsOfAll(one.head.args ?? []).keys());
    if (one.body !== undefined) lookInto(one.body, outer, arity, found);
  }
  return found;
}

/** A body, and those inside it, which see the variables of all that were gone through before. */
function lookInto(body: Body, outer: Set<string>, arity: Arity, found: Map<Term, readonly string[]>): void {
  for (const expr of body) {
    const comprehension = equalToVariable(expr);
    const keys = comprehension === undefined ? [] : keysOf(comprehension.body, outer, arity);
    if (comprehension !== undefined && keys.length > 0) found.set(comprehension, keys);
    for (const name of varsOf(expr, safetyPlaces).keys()) if (!isRootName(name)) outer.add(name);
  }
  for (const expr of body) forEachBody(expr, (inner) => lookInto(inner, outer, arity, found));
}

function equalToVariable(expr: Expr): Comprehension | undefined {
  if (expr.negated || expr.with.length > 0 || !isUnification(expr) || expr.body.kind !== "call") return undefined;
  const [left, right] = expr.body.args;
  if (left?.kind === "var" && right !== undefined && isComprehension(right)) return right;
  return right?.kind === "var" && left !== undefined && isComprehension(left) ? left : undefined;
}

function keysOf(body: Body, outer: ReadonlySet<string>, arity: Arity): readonly string[] {
  const outputs = outputsOfBody(body, arity, rootNames);
  for (const name of varsOfBody(body, safetyPlaces).keys()) if (!outputs.has(name) && !isRootName(name)) return [];
  if (bindsByKey(body, outer) || closesOver(body, outer)) return [];
  return [...outputs].filter((name) => outer.has(name)).sort();
}

/** Whether a key of a ref, or what `walk` gives, binds a variable from outside: to know it first is better than to go through all. */
function bindsByKey(body: Body, outer: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const binds = (node: Node, from: number): boolean => {
    const parts = node.kind === "ref" ? node.parts : node.kind === "call" ? node.args : [];
    return [...varsOfAll(parts.slice(from), { skipRefHead: node.kind === "ref" }).keys()].some(
      (name) => outer.has(name) && !seen.has(name),
    );
  };
  const look = (node: Node): boolean => {
    if (isComprehension(node)) return false;
    if (node.kind === "expr" && node.body.kind === "call" && calledName(node) === "walk" && binds(node.body, 1)) return true;
    if (node.kind === "ref" && binds(node, 1)) return true;
    if (node.kind === "var") seen.add(node.name);
    return someChild(node, look);
  };
  return body.some(look);
}

/** Whether a comprehension inside has variables from outside. */
function closesOver(body: Body, outer: ReadonlySet<string>): boolean {
  const closes = (node: Node): boolean =>
    isComprehension(node) && [...varsOf(node, { skipRefHead: true }).keys()].some((name) => outer.has(name));
  return body.some((expr) => contains(expr, closes));
}

function someChild(node: Node, look: (child: Node) => boolean): boolean {
  let holds = false;
  forEachChild(node, (child) => {
    holds ||= look(child);
  });
  return holds;
}

/** The bodies right inside a node. */
function forEachBody(node: Node, use: (body: Body) => void): void {
  switch (node.kind) {
    case "arrayComprehension":
    case "setComprehension":
      forEachBody(node.term, use);
      return use(node.body);
    case "objectComprehension":
      forEachBody(node.key, use);
      forEachBody(node.value, use);
      return use(node.body);
    case "every":
      forEachBody(node.domain, use);
      return use(node.body);
    case "notBody":
      return use(node.body);
    case "logical":
      use(node.left);
      return use(node.right);
    default:
      forEachChild(node, (child) => forEachBody(child, use));
  }
}
