// Visits the nodes of a tree, parents first.
import type { Body, Call, Every, Expr, Head, Logical, NotBody, SomeDecl, Term, With } from "#grammars/rego/ast.ts";
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
      for (const part of node.parts) visit(part);
      return;
    case "array":
    case "set":
      for (const item of node.items) visit(item);
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
      for (const expr of node.body) visit(expr);
      return;
    case "objectComprehension":
      visit(node.key);
      visit(node.value);
      for (const expr of node.body) visit(expr);
      return;
    case "call":
      visit(node.operator);
      for (const arg of node.args) visit(arg);
      return;
    case "templateString":
      for (const part of node.parts) visit(part);
      return;
    case "expr":
      visit(node.body);
      for (const modifier of node.with) {
        visit(modifier.target);
        visit(modifier.value);
      }
      return;
    case "some":
      for (const symbol of node.symbols) visit(symbol);
      return;
    case "every":
      if (node.key !== undefined) visit(node.key);
      visit(node.value);
      visit(node.domain);
      for (const expr of node.body) visit(expr);
      return;
    case "notBody":
      for (const expr of node.body) visit(expr);
      return;
    case "logical":
      for (const expr of node.left) visit(expr);
      for (const expr of node.right) visit(expr);
      return;
    default:
      node satisfies never;
  }
}

/** Visits a node and all below it; true from `visit` skips what is below. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  const row: Call[] = [];
  for (let at: Node | undefined = node; at !== undefined; ) {
    if (visit(at) === true) break;
    const before: Call | undefined = rowBefore(at);
    if (before === undefined || at.kind !== "call") {
      forEachChild(at, (child) => walk(child, visit));
      break;
    }
    row.push(at);
    walk(at.operator, visit);
    at = before;
  }
  for (let i = row.length - 1; i >= 0; i--) for (const arg of row[i]!.args.slice(1)) walk(arg, visit);
}

export function walkBody(body: Body, visit: (node: Node) => boolean | undefined): void {
  for (const expr of body) walk(expr, visit);
}

/** Visits the arguments, key and value of a head; OPA's own walk leaves the ref out. */
export function walkHead(head: Head, visit: (node: Node) => boolean | undefined): void {
  for (const arg of head.args ?? []) walk(arg, visit);
  if (head.key !== undefined) walk(head.key, visit);
  if (head.value !== undefined) walk(head.value, visit);
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
