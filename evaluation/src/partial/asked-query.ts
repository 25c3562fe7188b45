// A query that is partially evaluated, as it is read and checked.
import { checkQuery } from "#analysis/rego/check.ts";
import type { Checked, CheckedQuery, QueryOptions } from "#analysis/rego/checked.ts";
import type { Diagnostic } from "#grammars/diagnostic.ts";
import { parseQuery } from "#grammars/rego/parse.ts";
import { equations } from "./equations.ts";

/** The query, or the first thing that is wrong with it; `around`: the package and the imports that it is asked with. */
export function askedQuery(
  checked: Checked,
  text: string,
  around: Pick<QueryOptions, "package" | "imports"> = {},
): { readonly query: CheckedQuery } | { readonly fault: Diagnostic } {
  const parsed = parseQuery(text, { file: "query" });
  const query = checkQuery(checked, equations(parsed), { printing: true, capture: false, ...around });
  const fault = [...parsed.diagnostics, ...query.diagnostics].find(({ severity }) => severity === "error");
  return fault === undefined ? { query } : { fault };
}
