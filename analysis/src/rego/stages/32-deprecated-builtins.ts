// v1 and strict mode: builtins that Rego v1 no longer has.
import type { Body } from "#grammars/rego/ast.ts";
import { branches, type Compilation, type ModuleUnit, note } from "../compilation.ts";
import { mentions, operatorName } from "../tree/vars.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

export function checkDeprecatedBuiltins(compilation: Compilation): void {
  const names = [...compilation.builtins.values()].filter(({ deprecated }) => deprecated).map(({ name }) => name);
  for (const module of compilation.modules) {
    if (!compilation.strict && module.version === "v0") continue;
    if (!mentions(module.text, names)) continue;
    const visit = visitor(compilation, module);
    for (const top of module.rules) {
      for (const { head, body } of branches(top)) {
        walkHead(head, visit);
        walkBody(body, visit);
      }
    }
  }
}

/** The same for a query in strict mode. */
export function checkDeprecatedIn(compilation: Compilation, module: ModuleUnit, body: Body): void {
  walkBody(body, visitor(compilation, module));
}

function visitor(compilation: Compilation, module: ModuleUnit): (node: Node) => boolean {
  return (node) => {
    if (node.kind !== "expr" || node.body.kind !== "call") return false;
    const name = operatorName(node.body.operator.parts);
    if (!compilation.builtins.get(name)?.deprecated) return false;
    note(compilation, {
      module,
      range: node,
      code: "rego_type_error",
      message: `deprecated built-in function calls in expression: ${name}`,
      tags: ["deprecated"],
    });
    return false;
  };
}
