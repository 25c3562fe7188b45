// One policy as `opa fmt` writes it.
import { formatPolicy } from "#analysis/rego/fmt.ts";
import type { Formatted, LanguageOptions } from "./api.ts";
import { problemsOf } from "./problems.ts";

const file = "policy.rego";

export function written(text: string, { regoVersion = "v1" }: LanguageOptions): Formatted {
  const out = formatPolicy(text, { file, from: regoVersion });
  return "text" in out ? out : { problems: problemsOf(out.diagnostics, new Map([[file, text]])) };
}
