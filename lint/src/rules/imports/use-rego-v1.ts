// A file in Rego v0 without `import rego.v1`.
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const useRegoV1 = fileRule({
  name: "use-rego-v1",
  category: "imports",
  description: "Use `import rego.v1`",
  check: ({ isRegoV0, module }) => (isRegoV0 && module.package !== undefined ? [wordRange(module.package, "package")] : []),
});
