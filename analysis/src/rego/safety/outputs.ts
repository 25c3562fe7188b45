// Which variables an expression binds.
import type { Body, Call, Expr, Term } from "#grammars/rego/ast.ts";
import { isScalar } from "../tree/refs.ts";
import { isNamed, safetyPlaces, type VarPlaces, varsOf, varsOfAll } from "../tree/vars.ts";
import type { Node } from "../tree/walk.ts";
import { forEachChild } from "../tree/walk.ts";
import { isRefSafe, type NameSet, unify } from "./unify.ts";

/** The number of arguments of a function; negative when there is no such function. */
export type Arity = (operator: Call["operator"]) => number;

const none: NameSet = new Set();

const argumentPlaces: VarPlaces = { skipClosures: true, skipSets: true, skipObjectKeys: true, skipRefHead: true };

/** The variables that the body binds beyond `safe`. */
export function outputsOfBody(body: Body, arity: Arity, safe: NameSet): Set<string> {
  const known = new Set(safe);
  for (const expr of body) for (const name of outputsOf(expr, arity, known)) known.add(name);
  for (const name of safe) known.delete(name);
  return known;
}

/**
 * The variables that the expression binds when those of `safe` are bound. As OPA has it, they are put into one set for a whole body, in which
 * an `every` finds what the call before it left there: `left`, which may be the result.
 */
export function outputsOf(expr: Expr, arity: Arity, safe: NameSet, left = new Set<string>()): NameSet {
  if (expr.negated) return none;
  for (let i = 0; i < expr.with.length; i++) {
    const modifier = expr.with[i]!;
    const needed = varsOf({ ...expr, body: { kind: "null", start: 0, end: 0 }, with: [modifier] }, safetyPlaces);
    for (const name of needed.keys()) if (!safe.has(name)) return none;
  }
  const { body } = expr;
  switch (body.kind) {
    case "some":
    case "notBody":
    case "logical":
    case "templateString":
      return none;
    case "every":
      return refOutputs(body.domain, safe, left);
    case "call":
      if (!isNamed(body.operator, "eq")) return outputsOfCall(expr, body, arity, safe, left);
      left.clear();
      return outputsOfUnification(expr, safe);
    default:
      return refOutputs(expr, safe, new Set());
  }
}

/** What `a = b` binds. The left side of what was `:=` never makes the right side safe. */
export function outputsOfUnification(expr: Expr, safe: NameSet): NameSet {
  if (expr.body.kind !== "call" || expr.body.args.length !== 2) return safe;
  const left = expr.body.args[0]!;
  const right = expr.body.args[1]!;
  const outputs = refOutputs(expr, safe, new Set());
  const assigned = expr.fromAssignment ? varsOf(left) : undefined;
  if (assigned !== undefined && outputs.size > 0) for (const name of assigned.keys()) outputs.delete(name);
  const basis = { has: (name: string) => outputs.has(name) || (safe.has(name) && assigned?.has(name) !== true) };
  for (const name of unify(basis, left, right)) outputs.add(name);
  for (const name of outputs) if (safe.has(name)) outputs.delete(name);
  return outputs;
}

function outputsOfCall(expr: Expr, call: Call, arity: Arity, safe: NameSet, output: Set<string>): NameSet {
  const count = arity(call.operator);
  if (count < 0) return none;
  output.clear();
  refOutputs(expr, safe, output);
  if (count >= call.args.length) return output;
  const needed = varsOfAll(call.args.slice(0, count), argumentPlaces);
  varsOfAll(call.operator.parts.slice(1), argumentPlaces, needed);
  for (const name of needed.keys()) if (!output.has(name) && !safe.has(name)) return none;
  for (const name of varsOfAll(call.args.slice(count), argumentPlaces).keys()) output.add(name);
  return output;
}

/** Variables in the parts of refs whose head has a value. */
function refOutputs(node: Node, safe: NameSet, output: Set<string>): Set<string> {
  switch (node.kind) {
    case "var":
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "setComprehension":
    case "arrayComprehension":
    case "objectComprehension":
    case "templateString":
      return output;
    case "ref":
      if (!isRefSafe(node, safe)) return output;
      for (let i = 1; i < node.parts.length; i++) addVars(node.parts[i]!, output);
      for (let i = 0; i < node.parts.length; i++) refOutputs(node.parts[i]!, safe, output);
      return output;
    case "call":
      refOutputs(node.operator, safe, output);
      for (let i = 0; i < node.args.length; i++) refOutputs(node.args[i]!, safe, output);
      return output;
    case "expr":
      if (node.with.length > 0) break;
      return refOutputs(node.body, safe, output);
    default:
      break;
  }
  refOutputsOfChildren(node, safe, output);
  return output;
}

/** Apart from `refOutputs`: a function that a closure looks into costs memory at every call. */
function refOutputsOfChildren(node: Node, safe: NameSet, output: Set<string>): void {
  forEachChild(node, (child) => refOutputs(child, safe, output));
}

function addVars(part: Term, output: Set<string>): void {
  if (part.kind === "var") output.add(part.name);
  else if (!isScalar(part)) for (const name of varsOf(part, { skipRefHead: true }).keys()) output.add(name);
}
