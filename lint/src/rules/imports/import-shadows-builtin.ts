// `import data.lib.http`: `http.send` is out of reach then.
import { builtinNamespaces, importName, importPath } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { wordRange } from "../../rule-places.ts";

export const importShadowsBuiltin = fileRule({
  name: "import-shadows-builtin",
  category: "imports",
  description: "Import shadows built-in namespace",
  check(file) {
    const taken = builtinNamespaces(file);
    return file.module.imports
      .filter((item) => ["data", "input"].includes(importPath(item)[0]!) && taken.has(importName(item)))
      .map((item) => wordRange(item, "import"));
  },
});
