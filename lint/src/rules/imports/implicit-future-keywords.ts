// `import future.keywords`: imports whatever keywords there will be. An OPA that knows `rego.v1` has no use for it.
import { partsOf } from "#grammars/rego/nodes.ts";
import { importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const implicitFutureKeywords = fileRule({
  name: "implicit-future-keywords",
  category: "imports",
  description: "Avoid implicit future keyword imports",
  check: (file) =>
    file.hasFeature("rego_v1_import")
      ? []
      : file.module.imports
          .filter((item) => importPath(item).join(".") === "future.keywords")
          .map(({ path }) => partsOf(path)[0]!),
});
