// What kinds of nodes a tree holds: lets a stage pass over what it has nothing to do with. Looking again costs less than remembering it for every node.
import type { Body, Head, Term } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";
import { forEachChild, type Node } from "./walk.ts";

export const CALL = 1;
export const REF = 2;
export const COMPREHENSION = 4;
/** A nested body of any kind. */
export const CLOSURE = 8;
export const TEMPLATE = 16;
export const WITH = 32;
/** A ref whose head is no variable. */
export const INDIRECT = 64;

/** The kinds in a node and below it, as a set of the bits above. */
export function featuresOf(node: Node): number {
  switch (node.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return 0;
    default: {
      let mask = 0;
      for (let at: Node | undefined = node; at !== undefined; ) {
        const row: Node | undefined = rowBefore(at);
        mask |= ownFeatures(at);
        forEachChild(at, (child) => {
          if (child !== row) mask |= featuresOf(child);
        });
        at = row;
      }
      return mask;
    }
  }
}

/** True when one of the kinds is in the node or below it. Nested ones are found at once, so that asking at every level stays cheap. */
export function holds(node: Node, kinds: number): boolean {
  let found = false;
  for (let at: Node | undefined = node; at !== undefined && !found; ) {
    const row: Node | undefined = rowBefore(at);
    if ((ownFeatures(at) & kinds) !== 0) return true;
    forEachChild(at, (child) => {
      if (!found && child !== row) found = holds(child, kinds);
    });
    at = row;
  }
  return found;
}

/** The kind of the node alone. */
export function ownFeatures(node: Node): number {
  switch (node.kind) {
    case "call":
      return CALL;
    case "ref":
      return node.parts[0]?.kind === "var" ? REF : REF | INDIRECT;
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
      return COMPREHENSION | CLOSURE;
    case "every":
    case "notBody":
    case "logical":
      return CLOSURE;
    case "templateString":
      return TEMPLATE;
    case "expr":
      return node.with.length > 0 ? WITH : 0;
    default:
      return 0;
  }
}

export function featuresOfBody(body: Body): number {
  let mask = 0;
  for (const expr of body) mask |= featuresOf(expr);
  return mask;
}

export function featuresOfHead(head: Head): number {
  let mask = 0;
  for (const arg of head.args ?? []) mask |= featuresOf(arg);
  if (head.key !== undefined) mask |= featuresOf(head.key);
  if (head.value !== undefined) mask |= featuresOf(head.value);
  return mask;
}

/** True when the term holds a ref or a comprehension, so that it has to be evaluated in a body. */
export function requiresEvaluation(term: Term): boolean {
  return holds(term, REF | COMPREHENSION);
}
