// `import data`, which is there in every file.
import { importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const redundantDataImport = fileRule({
  name: "redundant-data-import",
  category: "imports",
  description: "Redundant import of data",
  check: ({ module }) => module.imports.filter((item) => importPath(item).join(".") === "data").map(({ path }) => path),
});
