// v1 and strict mode: builtins that Rego v1 no longer has.
import type { Call, Head, Range } from "#grammars/rego/ast.ts";
import { type Compilation, note } from "../compilation.ts";
import { type ModuleUnit, rulesOf } from "../rule-units.ts";
import { callsOf, operatorName } from "../tree/vars.ts";
import { type Node, walk, walkBody, walkHead } from "../tree/walk.ts";

const callsDeprecated = callsOf(({ deprecated }) => deprecated === true);

export function checkDeprecatedBuiltins(compilation: Compilation, module: ModuleUnit): void {
  if (!compilation.strict && module.version === "v0") return;
  if (!callsDeprecated(module.text, compilation.builtins)) return;
  const visit = visitor(compilation, module);
  for (const { head, body } of rulesOf(module)) {
    walkPath(head, visit);
    walkHead(head, visit);
    walkBody(body, visit);
  }
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
