// `data.lib.roles.admin` where `data.lib.roles` is imported: of several imports the one that is last by its parts is told.
import { partsOf } from "#grammars/rego/nodes.ts";
import { importPath, textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const ignoredImport = fileRule({
  name: "ignored-import",
  category: "imports",
  description: "Reference ignores import",
  *check(file) {
    const imported = file.module.imports.map(importPath).filter(([root, ...rest]) => rest.length > 0 && isDocument(root));
    if (imported.length === 0) return;
    const paths = new Set(imported.map((path) => path.join("\n")));
    const longest = Math.max(...imported.map(({ length }) => length));
    for (const ref of file.all("ref")) {
      if (!isDocument(textOfPart(ref.parts[0]!))) continue;
      const path = partsOf(ref)
        .slice(0, longest)
        .map((part) => textOfPart(part) ?? "");
      for (let length = path.length; length > 1; length--) {
        const start = path.slice(0, length);
        if (!paths.has(start.join("\n"))) continue;
        yield { range: ref, message: `Reference ignores import of ${start.join(".")}` };
        break;
      }
    }
  },
});

const isDocument = (name: string | undefined): boolean => name === "data" || name === "input";
