// Collects what each rule refers to, for the graph of which rule depends on which.
import type { Ref } from "#grammars/rego/ast.ts";
import { type Compilation, type ModuleUnit, type RuleUnit, rulesOf } from "../compilation.ts";
import { BodyValues, narrowed } from "../ref-values.ts";
import type { RuleRef } from "../rule-refs.ts";
import { isGroundRef } from "../tree/refs.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

export function collectRefs(_: Compilation, module: ModuleUnit): void {
  for (const unit of rulesOf(module)) unit.refs = refsOf(unit);
}

function refsOf({ head, body }: RuleUnit): readonly RuleRef[] {
  const refs: RuleRef[] = [];
  let values: BodyValues | undefined;
  const add = (ref: Ref, at: number): void => {
    if (isGroundRef(ref.parts)) {
      refs.push({ ref, narrowed: [ref], place: undefined });
      return;
    }
    values ??= new BodyValues(body);
    refs.push({ ref, narrowed: narrowed(ref, values.before(at)), place: { head, body, at } });
  };
  const visitor =
    (at: number) =>
    (node: Node): boolean => {
      const first = node.kind === "ref" ? node.parts[0] : undefined;
      if (node.kind === "ref" && first?.kind === "var" && first.name === "data") add(node, at);
      return false;
    };
  for (const [at, expr] of body.entries()) walkBody([expr], visitor(at));
  walkHead(head, visitor(body.length));
  return refs;
}
