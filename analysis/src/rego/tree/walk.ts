// Visits the nodes of a tree, parents first.
import type { Body, Call, Every, Expr, Head, Logical, NotBody, Rule, SomeDecl, Term, With } from "#grammars/rego/ast.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";

export type Node = Term | Expr | SomeDecl | Every | NotBody | Logical;

/** The nodes right below a node, in OPA's order; `with` modifiers give target and value. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  switch (node.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return;
    case "ref":
      visitAll(node.parts, visit);
      return;
    case "array":
    case "set":
      visitAll(node.items, visit);
      return;
    case "object":
      for (const { key, value } of node.entries) {
        visit(key);
        visit(value);
      }
      return;
    case "arrayComprehension":
    case "setComprehension":
      visit(node.term);
      visitAll(node.body, visit);
      return;
    case "objectComprehension":
      visit(node.key);
      visit(node.value);
      visitAll(node.body, visit);
      return;
    case "call":
      visit(node.operator);
      visitAll(node.args, visit);
      return;
    case "templateString":
      visitAll(node.parts, visit);
      return;
    case "expr":
      visit(node.body);
      for (const modifier of node.with) {
        visit(modifier.target);
        visit(modifier.value);
      }
      return;
    case "some":
      visitAll(node.symbols, visit);
      return;
    case "every":
      if (node.key !== undefined) visit(node.key);
      visit(node.value);
      visit(node.domain);
      visitAll(node.body, visit);
      return;
    case "notBody":
      visitAll(node.body, visit);
      return;
    case "logical":
      visitAll(node.left, visit);
      visitAll(node.right, visit);
      return;
    default:
      node satisfies never;
  }
}

/** By index, as everywhere in what walks all trees: code that is not optimised yet makes an object for every step of an iterator. */
function visitAll(nodes: readonly Node[], visit: (node: Node) => void): void {
  for (let i = 0; i < nodes.length; i++) visit(nodes[i]!);
}

/** Visits a node and all below it; true from `visit` skips what is below. The commonest kinds come first: every stage walks. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === true) return;
  switch (node.kind) {
    case "var":
    case "string":
    case "number":
    case "boolean":
    case "null":
      return;
    case "ref":
      walkAll(node.parts, visit);
      return;
    case "call":
      walkCall(node, visit);
      return;
    case "expr":
      walk(node.body, visit);
      for (let i = 0; i < node.with.length; i++) {
        const modifier = node.with[i]!;
        walk(modifier.target, visit);
        walk(modifier.value, visit);
      }
      return;
    case "array":
    case "set":
      walkAll(node.items, visit);
      return;
    case "object":
      for (let i = 0; i < node.entries.length; i++) {
        const { key, value } = node.entries[i]!;
        walk(key, visit);
        walk(value, visit);
      }
      return;
    default:
      walkChildren(node, visit);
  }
}

/** Apart from `walk`: a function that a closure looks into costs memory at every call. */
function walkChildren(node: Node, visit: (node: Node) => boolean | undefined): void {
  forEachChild(node, (child) => walk(child, visit));
}

function walkAll(nodes: readonly Node[], visit: (node: Node) => boolean | undefined): void {
  for (let i = 0; i < nodes.length; i++) walk(nodes[i]!, visit);
}

/** What is below a call that was visited; of operands in a row, without going deeper from one to the next. */
function walkCall(call: Call, visit: (node: Node) => boolean | undefined): void {
  walk(call.operator, visit);
  let before = rowBefore(call);
  if (before === undefined) {
    walkAll(call.args, visit);
    return;
  }
  const row = [call];
  for (; before !== undefined; before = rowBefore(before)) {
    if (visit(before) === true) break;
    row.push(before);
    walk(before.operator, visit);
  }
  for (let i = row.length - 1; i >= 0; i--) {
    const { args } = row[i]!;
    // The first argument is the call before it in the row.
    const from = i === row.length - 1 && before === undefined ? 0 : 1;
    for (let at = from; at < args.length; at++) walk(args[at]!, visit);
  }
}

export function walkBody(body: Body, visit: (node: Node) => boolean | undefined): void {
  for (let i = 0; i < body.length; i++) walk(body[i]!, visit);
}

/** Visits the arguments, key and value of a head; OPA's own walk leaves the ref out. */
export function walkHead(head: Head, visit: (node: Node) => boolean | undefined): void {
  if (head.args !== undefined) walkAll(head.args, visit);
  if (head.key !== undefined) walk(head.key, visit);
  if (head.value !== undefined) walk(head.value, visit);
}

/** Visits a rule and its branches, with the refs of their heads. */
export function walkRule(rule: Rule, visit: (node: Node) => boolean | undefined): void {
  for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) {
    walk(branch.head.reference, visit);
    walkHead(branch.head, visit);
    if (branch.body !== undefined) walkBody(branch.body, visit);
  }
}

/** True when the node or something below it satisfies the test. */
export function contains(node: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walk(node, (candidate) => {
    if (!found && test(candidate)) found = true;
    return found;
  });
  return found;
}

/** The bodies of a closure, one of two for operands; empty for what is none. */
export function closureBodies(node: Node): readonly Body[] {
  switch (node.kind) {
    case "arrayComprehension":
    case "setComprehension":
    case "objectComprehension":
    case "every":
    case "notBody":
      return [node.body];
    case "logical":
      return [node.left, node.right];
    default:
      return [];
  }
}

export function isComprehension(
  node: Node,
): node is Extract<Node, { kind: "arrayComprehension" | "setComprehension" | "objectComprehension" }> {
  return node.kind === "arrayComprehension" || node.kind === "setComprehension" || node.kind === "objectComprehension";
}

/** The `with` modifiers of a body and everything below it. */
export function* modifiersOf(body: Body): Generator<With> {
  const found: With[] = [];
  walkBody(body, (node) => {
    if (node.kind === "expr") found.push(...node.with);
    return false;
  });
  yield* found;
}
