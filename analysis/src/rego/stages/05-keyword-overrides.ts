// v1 and strict mode: rules, arguments and variables must not be called `input` or `data`.
import type { Expr } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import { type Compilation, note } from "../compilation.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { headName, rootOf } from "../tree/refs.ts";
import { isAssignment } from "../tree/vars.ts";
import { type Node, walkBody, walkHead } from "../tree/walk.ts";

/** Nothing but brackets and comments stands between a variable and its `:=`; `assign(input, 1)` is one, too. */
const assignsDocument = /\b(?:input|data)\b(?:[^\w#]|#[^\n]*\n)*:=|\bassign\b/u;

export function checkKeywordOverrides(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (!compilation.strict && module.version === "v0") return;
  for (const unit of module.rules) {
    const name = headName(unit.head);
    if (isRootName(name)) {
      note(compilation, {
        module,
        range: unit.source,
        code: "rego_compile_error",
        message: `rules must not shadow ${name} (use a different rule name)`,
      });
    }
    for (const arg of unit.head.args ?? []) {
      const root = arg.kind === "var" || arg.kind === "ref" ? rootOf(arg) : undefined;
      if (root === undefined || (arg.kind === "ref" && arg.parts.length > 1)) continue;
      note(compilation, {
        module,
        range: arg,
        code: "rego_compile_error",
        message: `args must not shadow ${root} (use a different variable name)`,
      });
    }
  }
  if (!assignsDocument.test(module.text)) return;
  for (const branch of rules) {
    const visit = (node: Node): boolean => {
      if (node.kind === "expr") checkVariable(compilation, module, node);
      return false;
    };
    walkHead(branch.head, visit);
    walkBody(branch.body, visit);
  }
}

function checkVariable(compilation: Compilation, module: ModuleUnit, expr: Expr): void {
  if (!isAssignment(expr) || expr.body.kind !== "call") return;
  const target = expr.body.args[0];
  if (target === undefined) return;
  const name = printTerm(target);
  if (name !== "input" && name !== "data") return;
  note(compilation, {
    module,
    range: expr,
    code: "rego_compile_error",
    message: `variables must not shadow ${name} (use a different variable name)`,
  });
}
