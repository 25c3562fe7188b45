// Whether a file may do without the keywords `if` and `contains`, and whether the OPA that it is for has them.
import type { LintFile } from "./lint-file.ts";

/**
 * True for what is written in Rego v0 for an OPA that knows the keywords: one that has `import rego.v1`, or Rego v1 itself. Regal
 * looks at `future_keywords` as well, which two releases before that import had.
 */
export function mayLackKeywords(file: LintFile): boolean {
  const isV1 = file.hasFeature("rego_v1");
  return file.isRegoV0 && (isV1 || file.hasFeature("rego_v1_import"));
}
