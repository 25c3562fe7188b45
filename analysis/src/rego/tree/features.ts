// What kinds of nodes a tree holds: lets a stage pass over what it has nothing to do with. Looking again costs less than remembering it for every node.
import type { Body, Head, Term } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";
import { isNamed } from "./vars.ts";
import { forEachChild, type Node } from "./walk.ts";

export const CALL = 1;
const REF = 2;
export const COMPREHENSION = 4;
/** A nested body of any kind. */
export const CLOSURE = 8;
export const TEMPLATE = 16;
export const WITH = 32;
/** A ref whose head is no variable. */
export const INDIRECT = 64;

/** A variable with the name of a builtin. */
export const BUILTIN_NAME = 128;

/** A call of `equal`. */
export const EQUAL = 256;

/** The kinds in a node and below it, as a set of the bits above. */
function featuresOf(node: Node): number {
  switch (node.kind) {
    case "var":
    case "string":
    case "number":
    case "boolean":
    case "null":
      return 0;
    case "ref":
      return ownFeatures(node) | featuresOfAll(node.parts);
    case "call": {
      let mask = CALL;
      let at = node;
      for (let row = rowBefore(at); row !== undefined; row = rowBefore(at)) {
        mask |= featuresOf(at.operator);
        for (let i = 1; i < at.args.length; i++) mask |= featuresOf(at.args[i]!);
        at = row;
      }
      return mask | featuresOf(at.operator) | featuresOfAll(at.args);
    }
    case "array":
    case "set":
      return featuresOfAll(node.items);
    default:
      return ownFeatures(node) | featuresOfChildren(node);
  }
}

function featuresOfChildren(node: Node): number {
  let mask = 0;
  forEachChild(node, (child) => {
    mask |= featuresOf(child);
  });
  return mask;
}

export function featuresOfAll(nodes: readonly Node[]): number {
  let mask = 0;
  for (let i = 0; i < nodes.length; i++) mask |= featuresOf(nodes[i]!);
  return mask;
}

/** True when one of the kinds is in the node or below it. Nested ones are found at once, so that asking at every level stays cheap. */
export function holds(node: Node, kinds: number): boolean {
  switch (node.kind) {
    case "var":
    case "string":
    case "number":
    case "boolean":
    case "null":
      return false;
    case "ref":
      if ((kinds & REF) !== 0 || ((kinds & INDIRECT) !== 0 && node.parts[0]?.kind !== "var")) return true;
      return anyHolds(node.parts, kinds, 0);
    case "call": {
      if ((kinds & CALL) !== 0) return true;
      let at = node;
      for (let row = rowBefore(at); row !== undefined; row = rowBefore(at)) {
        if (holds(at.operator, kinds) || anyHolds(at.args, kinds, 1)) return true;
        at = row;
      }
      return holds(at.operator, kinds) || anyHolds(at.args, kinds, 0);
    }
    case "array":
    case "set":
      return anyHolds(node.items, kinds, 0);
    case "object":
      for (let i = 0; i < node.entries.length; i++) {
        const { key, value } = node.entries[i]!;
        if (holds(key, kinds) || holds(value, kinds)) return true;
      }
      return false;
    case "expr":
      if (holds(node.body, kinds)) return true;
      for (let i = 0; i < node.with.length; i++) {
        const { target, value } = node.with[i]!;
        if ((kinds & WITH) !== 0 || holds(target, kinds) || holds(value, kinds)) return true;
      }
      return false;
    default:
      return (ownFeatures(node) & kinds) !== 0 || anyChildHolds(node, kinds);
  }
}

/** Apart from `holds`: a function that a closure looks into costs memory at every call. */
function anyChildHolds(node: Node, kinds: number): boolean {
  let found = false;
  forEachChild(node, (child) => {
    found ||= holds(child, kinds);
  });
  return found;
}

function anyHolds(nodes: readonly Node[], kinds: number, from: number): boolean {
  for (let i = from; i < nodes.length; i++) if (holds(nodes[i]!, kinds)) return true;
  return false;
}

/** The kind of the node alone. */
export function ownFeatures(node: Node): number {
  switch (node.kind) {
    case "call":
      return isNamed(node.operator, "equal") ? CALL | EQUAL : CALL;
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
