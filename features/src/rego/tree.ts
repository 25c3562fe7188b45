// Walking a module's tree: every node with its parents, and the path of nodes at an offset.
import type {
  Every,
  Expr,
  Head,
  Import,
  Logical,
  Module,
  NotBody,
  Package,
  Range,
  Rule,
  SomeDecl,
  Term,
  With,
} from "#grammars/rego/ast.ts";

export type Node = Module | Package | Import | Rule | Head | Expr | SomeDecl | Every | NotBody | Logical | With | Term;

/** The nodes directly below one, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  return written(node)
    .filter((child) => child !== undefined)
    .sort((a, b) => a.start - b.start);
}

function written(node: Node): readonly (Node | undefined)[] {
  switch (node.kind) {
    case "module":
      return [node.package, ...node.imports, ...node.rules];
    case "package":
      return node.path;
    case "import":
      return [node.path, node.alias];
    case "rule":
      return [node.head, ...(node.body ?? []), node.else];
    case "head":
      return [node.reference, ...(node.args ?? []), node.key, node.value];
    case "expr":
      return [node.body, ...node.with];
    case "with":
      return [node.target, node.value];
    case "some":
      return node.symbols;
    case "every":
      return [node.key, node.value, node.domain, ...node.body];
    case "notBody":
      return node.body;
    case "logical":
      return [...node.left, ...node.right];
    case "ref":
    case "templateString":
      return node.parts;
    case "array":
    case "set":
      return node.items;
    case "object":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "arrayComprehension":
    case "setComprehension":
      return [node.term, ...node.body];
    case "objectComprehension":
      return [node.key, node.value, ...node.body];
    case "call":
      return [node.operator, ...node.args];
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return [];
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
