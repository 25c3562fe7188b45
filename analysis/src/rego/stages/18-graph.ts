// Collects what each rule refers to, for the graph of which rule depends on which.
import type { Ref } from "#grammars/rego/ast.ts";
import { type Compilation, type ModuleUnit, rulesOf } from "../compilation.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

export function collectRefs(_: Compilation, module: ModuleUnit): void {
  for (const unit of rulesOf(module)) {
    const refs: Ref[] = [];
    const visit = (node: Node): boolean => {
      if (node.kind !== "ref") return false;
      const head = node.parts[0];
      if (head?.kind === "var" && head.name === "data") refs.push(node);
      return false;
    };
    walkBody(unit.body, visit);
    walkHead(unit.head, visit);
    unit.refs = refs;
  }
}
