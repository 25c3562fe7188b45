// `import input.user`: hides that a value comes from the input. `import input as request` is fine.
import { partsOf } from "#grammars/rego/nodes.ts";
import { importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const avoidImportingInput = fileRule({
  name: "avoid-importing-input",
  category: "imports",
  description: "Avoid importing input",
  check: ({ module }) =>
    module.imports
      .filter((item) => importPath(item)[0] === "input" && (importPath(item).length > 1 || item.alias === undefined))
      .map(({ path }) => partsOf(path)[0]!),
});
