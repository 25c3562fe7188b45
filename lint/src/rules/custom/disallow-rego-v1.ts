// `import rego.v1`, where there is nothing to be compatible with.
import { importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const disallowRegoV1 = fileRule({
  name: "disallow-rego-v1",
  category: "custom",
  description: "Use of disallowed `import rego.v1`",
  level: "ignore",
  check({ module }) {
    if (module.package === undefined || !module.imports.some((item) => importPath(item).join(".") === "rego.v1")) return [];
    return [wordRange(module.package, "package")];
  },
});
