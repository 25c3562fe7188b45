// Where a finding of the compiler stands: in which module and rule.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { firstIndex } from "#grammars/first-index.ts";
import type { Rule } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import type { Project } from "#workspace/project.ts";

/** The module of a finding, and the rule that it is in. */
export function placeOf(project: Project, found: Diagnostic): { readonly parsed: ParsedModule; readonly rule: Rule } | undefined {
  const file = project.files.get(found.file);
  if (file?.kind !== "rego") return undefined;
  const parsed = project.parsed(file);
  const { rules } = parsed.module;
  const rule = rules[firstIndex(rules.length, (at) => rules[at]!.end < found.range.start)];
  return rule !== undefined && rule.start <= found.range.start ? { parsed, rule } : undefined;
}
