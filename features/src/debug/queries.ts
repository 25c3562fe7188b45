// Queries of a debug session, read and checked in the package and with the imports of a policy.
import { checkQuery } from "#analysis/rego/check.ts";
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import type { Module } from "#grammars/rego/ast.ts";
import { type ParsedQuery, parseQuery } from "#grammars/rego/parse.ts";

/** `capture`: the values of its expressions are wanted. */
export function readQuery(
  checked: Checked,
  text: string,
  policy: Module | undefined,
  capture = false,
): { readonly parsed: ParsedQuery; readonly query: CheckedQuery } | { readonly problem: string } {
  const parsed = parseQuery(text, { file: "" });
  const fault = parsed.diagnostics.find(({ severity }) => severity === "error");
  if (fault !== undefined) return { problem: fault.message };
  const context = policy?.package === undefined ? {} : { package: policy.package, imports: policy.imports };
  const query = checkQuery(checked, parsed, { printing: true, capture, ...context });
  const wrong = query.diagnostics.find(({ severity }) => severity === "error");
  return wrong === undefined ? { parsed, query } : { problem: wrong.message };
}
