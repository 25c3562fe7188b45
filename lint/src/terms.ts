// What kind of term a node is to Regal, for which `input` and `data` alone are refs.
import type { Node } from "#analysis/rego/tree/walk.ts";
import { walk } from "#analysis/rego/tree/walk.ts";
import type { Call, Expr, Range, Ref, Term, Var } from "#grammars/rego/ast.ts";
import { isRoot } from "#grammars/rego/nodes.ts";
import { isStaticRef } from "./names.ts";

/** A variable, also `_`; no document. */
export function isVar(node: Node | undefined): node is Var {
  return node?.kind === "var" && !isRoot(node);
}

export function isWildcard(node: Node | undefined): boolean {
  return node?.kind === "var" && node.name.startsWith("$");
}

/** A ref, also `input` alone. */
export function isRef(node: Node | undefined): node is Ref | Var {
  return node?.kind === "ref" || (node?.kind === "var" && isRoot(node));
}

/** A ref without variables in its brackets. */
export function isStatic(node: Term | undefined): boolean {
  return isRef(node) && (node.kind === "var" || isStaticRef(node.parts));
}

/** The call that an expression is, with its operands, where it is one of the functions: `x := y` for `assign`. */
export function binaryOf({ body }: Expr, names: readonly string[]): readonly [Call, Term, Term] | undefined {
  if (body.kind !== "call" || body.operator.parts.length !== 1) return undefined;
  const [name] = body.operator.parts;
  const [left, right] = body.args;
  if (name?.kind !== "var" || !names.includes(name.name) || left === undefined || right === undefined) return undefined;
  return [body, left, right];
}

/** From the left operand to the end of the operator: `x :=`. */
export function infixRange({ start, end, operator, args: [left], infix }: Call): Range {
  return infix === undefined ? { start, end } : { start: (left ?? operator).start, end: operator.end };
}

/** Every variable in a tree, also at the heads of refs and as names of functions. */
export function allVars(node: Node): readonly Var[] {
  const found: Var[] = [];
  walk(node, (one) => {
    if (one.kind === "var") found.push(one);
    return false;
  });
  return found;
}
