// Collects the variables of a tree, leaving out the places a question is not about.
import type { Body, Call, Expr, Head, Range, Term, With } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { Node } from "./walk.ts";
import { forEachChild } from "./walk.ts";

export interface VarPlaces {
  /** Leaves out the head of every ref. */
  readonly skipRefHead?: boolean;
  /** Leaves out names of called functions and of `with` targets. */
  readonly skipCallHead?: boolean;
  readonly skipObjectKeys?: boolean;
  /** Leaves out bodies of comprehensions, `every`, `not {…}`, `and`/`or`, and template strings. */
  readonly skipClosures?: boolean;
  readonly skipSets?: boolean;
  /** Called first; true when it has dealt with the node. */
  readonly custom?: (node: Node, into: Map<string, Range>) => boolean;
}

/** Variables with one place of each. */
export type Vars = Map<string, Range>;

/** What the safety check looks at: no called names, no closures. */
export const safetyPlaces: VarPlaces = { skipCallHead: true, skipClosures: true };

/** What unifying a pattern can bind. */
export const patternPlaces: VarPlaces = { skipRefHead: true, skipObjectKeys: true, skipClosures: true };

/** Adds the variables of the node to `into`. */
export function collectVars(node: Node, places: VarPlaces, into: Vars): void {
  if (places.custom?.(node, into) === true) return;
  switch (node.kind) {
    case "var":
      if (!into.has(node.name)) into.set(node.name, node);
      return;
    case "object":
      if (places.skipObjectKeys) {
        for (const { value } of node.entries) collectVars(value, places, into);
        return;
      }
      break;
    case "ref":
      if (places.skipRefHead) {
        for (let i = 1; i < node.parts.length; i++) collectVars(node.parts[i]!, places, into);
        return;
      }
      break;
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
    case "notBody":
    case "logical":
      if (places.skipClosures) return;
      break;
    case "set":
      if (places.skipSets) return;
      break;
    case "call":
      collectFromCall(node, places, into);
      return;
    case "expr":
      if (places.skipClosures && node.body.kind === "every") {
        collectVars(node.body.domain, places, into);
        return;
      }
      collectVars(node.body, places, into);
      for (const modifier of node.with) collectFromWith(modifier, places, into);
      return;
    default:
      break;
  }
  forEachChild(node, (child) => collectVars(child, places, into));
}

/** Operands in a row are looked at without going deeper from one to the next. */
function collectFromCall(call: Call, places: VarPlaces, into: Vars): void {
  const row: Call[] = [];
  for (let at: Call | undefined = call; at !== undefined; at = rowBefore(at)) {
    if (at !== call && places.custom?.(at, into) === true) break;
    row.push(at);
    if (places.skipCallHead) for (const part of at.operator.parts.slice(1)) collectVars(part, places, into);
    else collectVars(at.operator, places, into);
  }
  for (let i = row.length - 1; i >= 0; i--) {
    const at = row[i]!;
    for (const arg of rowBefore(at) === undefined ? at.args : at.args.slice(1)) collectVars(arg, places, into);
  }
}

function collectFromWith(modifier: With, places: VarPlaces, into: Vars): void {
  if (!places.skipCallHead) {
    collectVars(modifier.target, places, into);
    collectVars(modifier.value, places, into);
    return;
  }
  const tail = (term: Term): void => {
    if (term.kind !== "ref") return;
    for (let i = 1; i < term.parts.length; i++) collectVars(term.parts[i]!, places, into);
  };
  tail(modifier.target);
  if (modifier.value.kind === "ref") tail(modifier.value);
  else collectVars(modifier.value, places, into);
}

/** The variables of a term or expression. */
export function varsOf(node: Node, places: VarPlaces = {}): Vars {
  const into: Vars = new Map();
  collectVars(node, places, into);
  return into;
}

export function varsOfBody(body: Body, places: VarPlaces = {}, into: Vars = new Map()): Vars {
  for (const expr of body) collectVars(expr, places, into);
  return into;
}

export function varsOfAll(terms: readonly Term[], places: VarPlaces = {}, into: Vars = new Map()): Vars {
  for (const term of terms) collectVars(term, places, into);
  return into;
}

/** The variables of a head: ref without its name, arguments, key, value. */
export function varsOfHead(head: Head): Vars {
  const into: Vars = new Map();
  if (head.reference.kind === "ref") varsOfAll(head.reference.parts.slice(1), {}, into);
  varsOfAll(head.args ?? [], {}, into);
  if (head.key !== undefined) collectVars(head.key, {}, into);
  if (head.value !== undefined) collectVars(head.value, {}, into);
  return into;
}

/** True for `x := y` with two operands. */
export function isAssignment(expr: Expr): boolean {
  return calledName(expr) === "assign";
}

/** True for `x = y` with two operands. */
export function isUnification(expr: Expr): boolean {
  return calledName(expr) === "eq";
}

/** The dotted name of what an expression calls, undefined if it is no call. */
export function calledName(expr: Expr): string | undefined {
  return expr.body.kind === "call" ? operatorName(expr.body.operator.parts) : undefined;
}

/** `time.now_ns`, `data.a.f` */
export function operatorName(parts: readonly Term[]): string {
  const first = parts[0];
  const name = first?.kind === "var" ? first.name : "";
  if (parts.length === 1) return name;
  let text = name;
  for (let i = 1; i < parts.length; i++) {
    const part = parts[i]!;
    text += part.kind === "string" ? `.${part.value}` : "[]";
  }
  return text;
}

/** A test whether a text may hold a call of certain builtins; spares walking modules that cannot. */
export function callsOf(fits: (row: Builtin) => boolean): (text: string, builtins: ReadonlyMap<string, Builtin>) => boolean {
  const patterns = new WeakMap<object, RegExp | "none">();
  return (text, builtins) => {
    let pattern = patterns.get(builtins);
    if (pattern === undefined) {
      const names = [...builtins.values()].filter(fits).map(({ name }) => name.replaceAll(".", "\\."));
      pattern = names.length === 0 ? "none" : new RegExp(`\\b(?:${names.join("|")})\\(`);
      patterns.set(builtins, pattern);
    }
    return pattern !== "none" && pattern.test(text);
  };
}
