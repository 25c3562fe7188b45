// Calls without a result (`print`) must not stand where a value is needed.
import type { Body } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { callsOf, operatorName } from "../tree/vars.ts";
import { forEachChild, type Node, walk, walkBody, walkHead } from "../tree/walk.ts";

const callsVoid = callsOf(({ result }) => result === undefined);

export function checkVoidCalls(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (!callsVoid(module.text, compilation.builtins)) return;
  const visit = visitor(compilation, module);
  for (const { head, body } of rules) {
    walkHead(head, visit);
    walkBody(body, visit);
  }
}

/** The same for a query. */
export function checkVoidCallsIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  walkBody(body, visitor(compilation, module));
}

function visitor(compilation: Compilation, module: ModuleUnit): (node: Node) => boolean {
  const visit = (node: Node): boolean => {
    if (node.kind === "expr" && node.body.kind === "call") {
      // The call of an expression itself may be void; what it is given may not.
      forEachChild(node.body, (child) => walk(child, visit));
      for (const { target, value } of node.with) {
        walk(target, visit);
        walk(value, visit);
      }
      return true;
    }
    if (node.kind === "call") {
      const row = compilation.builtins.get(operatorName(node.operator.parts));
      if (row !== undefined && row.result === undefined)
        fail(compilation, { module, range: node, code: "rego_type_error", message: `${printTerm(node)} used as value` });
    }
    return false;
  };
  return visit;
}
