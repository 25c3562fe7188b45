// What a stage found wrong, before it is a diagnostic.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range, Rule } from "#grammars/rego/ast.ts";

export interface Problem
  extends Partial<Pick<Diagnostic, "details" | "lines" | "related" | "fixes" | "explanation" | "tags" | "placeless">> {
  readonly module: { readonly file: string };
  readonly range: Range;
  readonly code: ProblemCode;
  readonly message: string;
}

export type ProblemCode =
  | "rego_compile_error"
  | "rego_type_error"
  | "rego_unsafe_var_error"
  | "rego_recursion_error"
  | "rego_parse_error";

/** A finding of a module as OPA tells it: without a place where its tree has no location, and where its tree has another one there. */
export function placed(diagnostic: Diagnostic, placeless: ReadonlySet<string>, rules: readonly Rule[]): Diagnostic {
  const { range } = diagnostic;
  if (placeless.has(`${range.start}:${range.end}`)) return { ...diagnostic, placeless: true };
  // METADATA is found where its comment is.
  const branch = diagnostic.code === "rego_parse_error" ? undefined : branchPlace(rules, range);
  return branch === undefined ? diagnostic : { ...diagnostic, reported: branch };
}

/** The branch of what stands behind the `if` of an `else` without braces: OPA's parser gives its place to all of that. */
function branchPlace(rules: readonly Rule[], range: Range): Range | undefined {
  const holds = ({ start, end }: Range): boolean => start <= range.start && range.end <= end;
  for (let at = rules.find(holds)?.else; at !== undefined; at = at.else) {
    const [only, more] = at.body ?? [];
    if (only?.start === at.start && more === undefined && at.head.end <= range.start && range.end <= only.end) return at;
  }
  return undefined;
}
