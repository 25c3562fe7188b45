// v1 and strict mode: builtins that Rego v1 no longer has.
import type { Body, Call, Expr, Head, Range } from "#grammars/rego/ast.ts";
import { type Compilation, note } from "../compilation.ts";
import { type ModuleUnit, rulesOf } from "../rule-units.ts";
import { callsOf, operatorName } from "../tree/vars.ts";
import { isComprehension, type Node, walk, walkBody, walkHead } from "../tree/walk.ts";

const callsDeprecated = callsOf(({ deprecated }) => deprecated === true);

export function checkDeprecatedBuiltins(compilation: Compilation, module: ModuleUnit): void {
  if (!callsDeprecated(module.text, compilation.builtins)) return;
  const isDeprecated = ({ body }: Expr): boolean =>
    body.kind === "call" && compilation.builtins.get(operatorName(body.operator.parts))?.deprecated === true;
  module.typesDeprecated = rulesOf(module).some(({ body }) => typedBodies(body).some((one) => one.some(isDeprecated)));
  if (!compilation.strict && module.version === "v0") return;
  const visit = visitor(compilation, module);
  for (const { head, body } of rulesOf(module)) {
    walkPath(head, visit);
    walkHead(head, visit);
    walkBody(body, visit);
  }
}

/** The bodies whose expressions the type checker looks at: that of a rule and of its comprehensions, not those of `every`, `not` and `or`. */
function typedBodies(body: Body): readonly Body[] {
  const bodies = [body];
  walkBody(body, (node) => {
    if (isComprehension(node)) bodies.push(node.body);
    return false;
  });
  return bodies;
}

/** The path of a rule, where calls stand as long as nothing was rewritten; OPA has the part of `r[x] = y` as the key once more. */
function walkPath({ reference, args = [], contains }: Head, visit: (node: Node) => boolean): void {
  if (reference.kind !== "ref") return;
  const [, ...parts] = reference.parts;
  for (const part of parts) walk(part, visit);
  if (parts.length === 1 && args.length === 0 && !contains) walk(parts[0]!, visit);
}

function visitor(compilation: Compilation, module: ModuleUnit): (node: Node) => boolean {
  const check = (call: Call, range: Range): void => {
    const name = operatorName(call.operator.parts);
    if (!compilation.builtins.get(name)?.deprecated) return;
    note(compilation, {
      module,
      range,
      code: "rego_type_error",
      message: `deprecated built-in function calls in expression: ${name}`,
      tags: ["deprecated"],
    });
  };
  let whole: Node | undefined;
  return (node) => {
    if (node.kind === "expr" && node.body.kind === "call") {
      whole = node.body;
      check(node.body, node);
    } else if (node.kind === "call" && node !== whole) check(node, node.operator);
    return false;
  };
}
