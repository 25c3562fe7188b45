// Walking a module's tree: every node with its parents, and the path of nodes at an offset.
import type { Body, Expr, Module, Range, Rule, Term } from "#grammars/rego/ast.ts";

export interface Node extends Range {
  readonly kind: string;
}

/** The nodes directly below one, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  const out: (Node | undefined)[] = [];
  const body = (items: Body | undefined) => {
    for (const item of items ?? []) out.push(item);
  };
  switch (node.kind) {
    case "module": {
      const module = node as Module;
      out.push(module.package, ...module.imports, ...module.rules);
      break;
    }
    case "package":
      out.push(...(node as NonNullable<Module["package"]>).path);
      break;
    case "import": {
      const found = node as Module["imports"][number];
      out.push(found.path, found.alias);
      break;
    }
    case "rule": {
      const rule = node as Rule;
      out.push(rule.head);
      body(rule.body);
      out.push(rule.else);
      break;
    }
    case "head": {
      const head = node as Rule["head"];
      out.push(head.reference, ...(head.args ?? []), head.key, head.value);
      break;
    }
    case "expr": {
      const expr = node as Expr;
      out.push(expr.body, ...expr.with.map((item) => item as Node));
      break;
    }
    case "with": {
      const item = node as Expr["with"][number];
      out.push(item.target, item.value);
      break;
    }
    case "some":
      out.push(...(node as Extract<Expr["body"], { kind: "some" }>).symbols);
      break;
    case "every": {
      const every = node as Extract<Expr["body"], { kind: "every" }>;
      out.push(every.key, every.value, every.domain);
      body(every.body);
      break;
    }
    case "notBody":
      body((node as Extract<Expr["body"], { kind: "notBody" }>).body);
      break;
    case "logical": {
      const logical = node as Extract<Expr["body"], { kind: "logical" }>;
      body(logical.left);
      body(logical.right);
      break;
    }
    default:
      termChildren(node as Term, out, body);
  }
  return out.filter((child): child is Node => child !== undefined).sort((a, b) => a.start - b.start);
}

function termChildren(term: Term, out: (Node | undefined)[], body: (items: Body) => void): void {
  switch (term.kind) {
    case "ref":
      out.push(...term.parts);
      break;
    case "array":
    case "set":
      out.push(...term.items);
      break;
    case "object":
      for (const { key, value } of term.entries) out.push(key, value);
      break;
    case "arrayComprehension":
    case "setComprehension":
      out.push(term.term);
      body(term.body);
      break;
    case "objectComprehension":
      out.push(term.key, term.value);
      body(term.body);
      break;
    case "call":
      out.push(term.operator, ...term.args);
      break;
    case "templateString":
      out.push(...term.parts);
      break;
    default:
      break;
  }
}

/** The nodes around an offset, the module first, the smallest last. An offset at a node's end counts as inside. */
export function nodesAt(module: Module, offset: number): readonly Node[] {
  const path: Node[] = [module];
  for (;;) {
    const next = childrenOf(path.at(-1)!)
      .filter((child) => child.start <= offset && offset <= child.end && child.end > child.start)
      .sort((a, b) => Number(b.start <= offset && offset < b.end) - Number(a.start <= offset && offset < a.end))[0];
    if (next === undefined || path.includes(next)) return path;
    path.push(next);
  }
}

/** Calls `visit` on every node, parents first; of a range, on those that touch it. */
export function walk(node: Node, visit: (node: Node) => void, within?: Range): void {
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    visit(at);
    const children = childrenOf(at);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i]!;
      if (within === undefined || (child.start <= within.end && within.start <= child.end)) open.push(child);
    }
  }
}
