// A file without `import rego.v1` that may be read as Rego v0, for an OPA that has that import.
import { importPath } from "../../names.ts";
import { either, needsImportOfV1, onlyInV0 } from "../../notices.ts";
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const useRegoV1 = fileRule({
  name: "use-rego-v1",
  category: "imports",
  description: "Use `import rego.v1`",
  notice: either(needsImportOfV1, onlyInV0("Since OPA 1.0, use-rego-v1 enabled only when provided a v0 policy")),
  check(file) {
    const { package: statement, imports } = file.module;
    const isAbout = file.mayBeRegoV0 && (file.hasFeature("rego_v1") || file.hasFeature("rego_v1_import"));
    const imported = imports.some((item) => importPath(item).join(".") === "rego.v1");
    return isAbout && !imported && statement !== undefined ? [wordRange(statement, "package")] : [];
  },
});
