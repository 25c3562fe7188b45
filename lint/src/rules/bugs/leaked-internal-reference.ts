// `data.lib._helper`, `import data.lib._helper`: what another package keeps for itself. Tests may look at everything.
import type { Ref, Var } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { isHeadReference, partsRange } from "../../ref-parts.ts";
import { fileRule } from "../../rule.ts";

export const leakedInternalReference = fileRule({
  name: "leaked-internal-reference",
  category: "bugs",
  description: "Outside reference to internal rule or function",
  options: { "include-test-files": false },
  check(file, { "include-test-files": includesTests }) {
    const isTest = file.path === "test.rego" || file.path.endsWith("_test.rego");
    if (isTest && !includesTests) return [];
    const leaked = file.all("ref").filter((ref) => isInternal(ref) && !isHeadReference(file, ref));
    return [...file.module.imports.map(({ path }) => path).filter(isInternal), ...leaked].map(partsRange);
  },
});

function isInternal(ref: Ref | Var): boolean {
  return partsOf(ref).some((part) => part.kind === "string" && part.value.startsWith("_"));
}
