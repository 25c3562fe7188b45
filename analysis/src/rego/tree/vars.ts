// Collects the variables of a tree, leaving out the places a question is not about.
import type { Body, Call, Expr, Head, Logical, NotBody, Range, Term, With } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { sortedEntries, sortedItems } from "./sorted.ts";
import type { Node } from "./walk.ts";
import { forEachChild } from "./walk.ts";

export interface VarPlaces {
  /** Leaves out the head of every ref. */
  readonly skipRefHead?: boolean;
  /** Leaves out names of called functions and of `with` targets. */
  readonly skipCallHead?: boolean;
  readonly skipCalls?: boolean;
  readonly skipObjectKeys?: boolean;
  /** Leaves out bodies of comprehensions, `every`, `not {…}`, `and`/`or`, and template strings. */
  readonly skipClosures?: boolean;
  readonly skipSets?: boolean;
  /** Comes to the members of sets and objects in OPA's order; who only asks which variables there are need not. */
  readonly sorted?: boolean;
  /** Deals with `not {…}`, `and` and `or`. */
  readonly operands?: (node: NotBody | Logical, into: VarSink) => void;
}

/** Variables with one place of each. */
export type Vars = Map<string, Range>;

/** Takes the variables of a tree. A map keeps them; who asks only about some has a sink that calls all others known. */
export interface VarSink {
  has(name: string): boolean;
  set(name: string, range: Range): unknown;
}

const everyPlace: VarPlaces = {};

/** What the safety check looks at: no called names, no closures. */
export const safetyPlaces: VarPlaces = { skipCallHead: true, skipClosures: true };

/** What unifying a pattern can bind. */
export const patternPlaces: VarPlaces = { skipRefHead: true, skipObjectKeys: true, skipClosures: true };

/** Adds the variables of the node to `into`. */
export function collectVars(node: Node, places: VarPlaces, into: VarSink): void {
  switch (node.kind) {
    case "var":
      if (!into.has(node.name)) into.set(node.name, node);
      return;
    case "string":
    case "number":
    case "boolean":
    case "null":
      return;
    case "ref":
      collectFromAll(node.parts, places.skipRefHead ? 1 : 0, places, into);
      return;
    case "call":
      if (!places.skipCalls) collectFromCall(node, places, into);
      return;
    case "expr":
      if (places.skipClosures && node.body.kind === "every") {
        collectVars(node.body.domain, places, into);
        return;
      }
      collectVars(node.body, places, into);
      for (let i = 0; i < node.with.length; i++) collectFromWith(node.with[i]!, places, into);
      return;
    case "array":
      collectFromAll(node.items, 0, places, into);
      return;
    case "set":
      if (!places.skipSets) collectFromAll(places.sorted ? sortedItems(node) : node.items, 0, places, into);
      return;
    case "object": {
      const entries = places.sorted ? sortedEntries(node) : node.entries;
      for (let i = 0; i < entries.length; i++) {
        const { key, value } = entries[i]!;
        if (!places.skipObjectKeys) collectVars(key, places, into);
        collectVars(value, places, into);
      }
      return;
    }
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "templateString":
      if (places.skipClosures) return;
      break;
    case "notBody":
    case "logical":
      if (places.operands !== undefined) {
        places.operands(node, into);
        return;
      }
      if (places.skipClosures) return;
      break;
    default:
      break;
  }
  collectFromChildren(node, places, into);
}

/** Apart from `collectVars`: a function that a closure looks into costs memory at every call. */
function collectFromChildren(node: Node, places: VarPlaces, into: VarSink): void {
  forEachChild(node, (child) => collectVars(child, places, into));
}

function collectFromAll(nodes: readonly Node[], from: number, places: VarPlaces, into: VarSink): void {
  for (let i = from; i < nodes.length; i++) collectVars(nodes[i]!, places, into);
}

/** Operands in a row are looked at without going deeper from one to the next. */
function collectFromCall(call: Call, places: VarPlaces, into: VarSink): void {
  const before = rowBefore(call);
  collectFromOperator(call, places, into);
  if (before === undefined) {
    collectFromAll(call.args, 0, places, into);
    return;
  }
  const row = [call];
  for (let at: Call | undefined = before; at !== undefined; at = rowBefore(at)) {
    row.push(at);
    collectFromOperator(at, places, into);
  }
  for (let i = row.length - 1; i >= 0; i--) {
    const at = row[i]!;
    collectFromAll(at.args, rowBefore(at) === undefined ? 0 : 1, places, into);
  }
}

function collectFromOperator({ operator }: Call, places: VarPlaces, into: VarSink): void {
  if (places.skipCallHead) collectFromAll(operator.parts, 1, places, into);
  else collectVars(operator, places, into);
}

function collectFromWith(modifier: With, places: VarPlaces, into: VarSink): void {
  if (!places.skipCallHead) {
    collectVars(modifier.target, places, into);
    collectVars(modifier.value, places, into);
    return;
  }
  const { target, value } = modifier;
  if (target.kind === "ref") collectFromAll(target.parts, 1, places, into);
  if (value.kind === "ref") collectFromAll(value.parts, 1, places, into);
  else collectVars(value, places, into);
}

/** The variables of a term or expression. */
export function varsOf(node: Node, places: VarPlaces = everyPlace): Vars {
  const into: Vars = new Map();
  collectVars(node, places, into);
  return into;
}

export function varsOfBody(body: Body, places: VarPlaces = everyPlace, into: Vars = new Map()): Vars {
  for (let i = 0; i < body.length; i++) collectVars(body[i]!, places, into);
  return into;
}

export function varsOfAll(terms: readonly Term[], places: VarPlaces = everyPlace, into: Vars = new Map()): Vars {
  for (let i = 0; i < terms.length; i++) collectVars(terms[i]!, places, into);
  return into;
}

/** The variables of a head: arguments, key, value, ref without its name. Each with its last place in this order; `sorted` gives that where OPA says that it is unsafe. */
export function varsOfHead(head: Head, places: VarPlaces = everyPlace): Vars {
  const vars: Vars = new Map();
  const into: VarSink = { has: () => false, set: (name, range) => vars.set(name, range) };
  if (head.args !== undefined) collectFromAll(head.args, 0, places, into);
  if (head.key !== undefined) collectVars(head.key, places, into);
  if (head.value !== undefined) collectVars(head.value, places, into);
  if (head.reference.kind === "ref") collectFromAll(head.reference.parts, 1, places, into);
  return vars;
}

/** True for `x := y` with two operands. */
export function isAssignment(expr: Expr): boolean {
  return calls(expr, "assign");
}

/** True for `x = y` with two operands. */
export function isUnification(expr: Expr): boolean {
  return calls(expr, "eq");
}

/** True when an expression calls the function of this name, which has no dots. */
export function calls({ body }: Expr, name: string): boolean {
  return body.kind === "call" && isNamed(body.operator, name);
}

/** True when an operator is this name, which has no dots. */
export function isNamed({ parts }: Call["operator"], name: string): boolean {
  const first = parts[0];
  return parts.length === 1 && first?.kind === "var" && first.name === name;
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

/** What a text has that calls one of the functions: their names may stand in parentheses. */
export const callText = (names: readonly string[]): RegExp =>
  new RegExp(`\\b(?:${names.map((name) => name.replaceAll(".", "\\.")).join("|")})(?:\\(|\\s*[)#])`);

/** A test whether a text may hold a call of certain builtins; spares walking modules that cannot. */
export function callsOf(fits: (row: Builtin) => boolean): (text: string, builtins: ReadonlyMap<string, Builtin>) => boolean {
  const patterns = new WeakMap<object, RegExp | "none">();
  return (text, builtins) => {
    let pattern = patterns.get(builtins);
    if (pattern === undefined) {
      const names = [...builtins.values()].filter(fits).map(({ name }) => name);
      pattern = names.length === 0 ? "none" : callText(names);
      patterns.set(builtins, pattern);
    }
    return pattern !== "none" && pattern.test(text);
  };
}
