// `import data.lib.roles as roles`
import { partsOf } from "#grammars/rego/nodes.ts";
import { importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const redundantAlias = fileRule({
  name: "redundant-alias",
  category: "imports",
  description: "Redundant alias",
  check: ({ module }) =>
    module.imports.filter((item) => item.alias?.name === importPath(item).at(-1)).map(({ path }) => partsOf(path)[0]!),
});
