// A rule that is called like an import: the import hides it.
import { headParts } from "#analysis/rego/tree/refs.ts";
import { importedPaths, textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";
import { headRange } from "../../rule-places.ts";

export const importShadowsRule = fileRule({
  name: "import-shadows-rule",
  category: "bugs",
  description: "Import shadows rule",
  check(file) {
    const imported = importedPaths(file);
    return file.module.rules
      .filter(({ head }) => headParts(head).length === 1 && imported.has(textOfPart(headParts(head)[0]!) ?? ""))
      .map(headRange);
  },
});
