// Collects what each rule refers to, for the graph of which rule depends on which.
import { exactList } from "#grammars/exact-list.ts";
import type { Ref, Term } from "#grammars/rego/ast.ts";
import type { Compilation } from "../compilation.ts";
import { BodyValues, narrowed } from "../ref-values.ts";
import type { RuleRef } from "../rule-refs.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { ownFeatures } from "../tree/features.ts";
import { isGroundRef } from "../tree/refs.ts";
import { type Node, walk, walkHead } from "../tree/walk.ts";

export function collectRefs(_: Compilation, __: ModuleUnit, rules: readonly RuleUnit[]): void {
  for (const unit of rules) collectFrom(unit);
}

function collectFrom(unit: RuleUnit): void {
  const { head, body } = unit;
  const refs: RuleRef[] = [];
  let replaces = false;
  let features = 0;
  let values: BodyValues | undefined;
  const add = (ref: Ref): void => {
    if (isGroundRef(ref.parts)) {
      refs.push({ ref, narrowed: [ref], place: undefined });
      return;
    }
    values ??= new BodyValues(body);
    refs.push({ ref, narrowed: narrowed(ref, values.before(at)), place: { head, body, at } });
  };
  let at = 0;
  const visit = (node: Node): boolean => {
    features |= ownFeatures(node);
    if (node.kind === "ref") {
      if (isBelowData(node)) add(node);
    } else if (node.kind === "expr") for (const { target } of node.with) replaces ||= isBelowData(target);
    return false;
  };
  for (; at < body.length; at++) walk(body[at]!, visit);
  walkHead(head, visit);
  unit.refs = exactList(refs);
  unit.replacesData = replaces;
  unit.features = features;
}

function isBelowData(term: Term): boolean {
  const head = term.kind === "ref" ? term.parts[0] : undefined;
  return head?.kind === "var" && head.name === "data";
}
