// What a stage found wrong, before it is a diagnostic.
import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";

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

/** A finding of a module as OPA tells it: without a place where its tree has no location. */
export function placed(diagnostic: Diagnostic, placeless: ReadonlySet<string> | undefined): Diagnostic {
  const { start, end } = diagnostic.range;
  return placeless?.has(`${start}:${end}`) ? { ...diagnostic, placeless: true } : diagnostic;
}
