// Two imports with one name: in Rego v0 the second one hides the first; later versions refuse them.
import { importName } from "../../names.ts";
import { onlyInV0 } from "../../notices.ts";
import { fileRule } from "../../rule.ts";

export const importShadowsImport = fileRule({
  name: "import-shadows-import",
  category: "imports",
  description: "Import shadows another import",
  notice: onlyInV0("Since OPA 1.0, import-shadows-import enabled only when provided a v0 policy,"),
  check({ mayBeRegoV0, module: { imports } }) {
    const names = imports.map(importName);
    return mayBeRegoV0 ? imports.filter((_, at) => names.indexOf(names[at]!) < at).map(({ path }) => path) : [];
  },
});
