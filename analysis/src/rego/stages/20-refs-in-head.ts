// Binds the parts of a head that have to be evaluated in the body.
import type { Term } from "#grammars/rego/ast.ts";
import { isRoot } from "#grammars/rego/nodes.ts";
import type { Compilation } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { requiresEvaluation } from "../tree/features.ts";
import { appendTo, unification, varTerm } from "../tree/make.ts";
import { mapAll } from "../tree/map.ts";
import { contains, type Node } from "../tree/walk.ts";

/** True where a base document's name stands inside, which is a ref to OPA: as an argument, or in its array, it was a variable's name. */
function holdsDocument(term: Term): boolean {
  return (term.kind === "set" || term.kind === "object" || term.kind === "array") && contains(term, isRootNode);
}

const isRootNode = (node: Node): boolean => node.kind === "var" && isRoot(node);

export function rewriteRefsInHead(compilation: Compilation, _: ModuleUnit, rules: readonly RuleUnit[]): void {
  for (const unit of rules) {
    const inBody = (term: Term): Term => {
      const local = varTerm(compilation.names.fresh(), term);
      unit.body = appendTo(unit.body, [unification(local, term)]);
      return local;
    };
    const bind = (term: Term): Term => (requiresEvaluation(term) ? inBody(term) : term);
    const { head } = unit;
    const key = head.key === undefined ? undefined : bind(head.key);
    const value = head.value === undefined ? undefined : bind(head.value);
    const args = head.args === undefined ? undefined : mapAll(head.args, (arg) => (holdsDocument(arg) ? inBody(arg) : bind(arg)));
    if (key !== head.key || value !== head.value || args !== head.args) unit.head = { ...head, key, value, args };
  }
}
