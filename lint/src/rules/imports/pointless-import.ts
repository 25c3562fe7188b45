// An import of the package that the file is in, or of a rule in the file.
import { partsOf } from "#grammars/rego/nodes.ts";
import { importPath, textOfPart } from "../../names.ts";
import { fileRule } from "../../rule.ts";

export const pointlessImport = fileRule({
  name: "pointless-import",
  category: "imports",
  description: "Importing own package is pointless",
  check({ module, packagePath }) {
    // The package, and what is at or above each rule.
    const own = new Set([packagePath.join("\n")]);
    for (const { head } of module.rules) {
      const path = [...packagePath];
      for (const [at, part] of partsOf(head.reference).entries()) {
        const text = at === 0 || part.kind === "string" ? textOfPart(part) : undefined;
        if (text === undefined) break;
        path.push(text);
        own.add(path.join("\n"));
      }
    }
    if (module.rules.length > 0) for (const at of packagePath.keys()) own.add(packagePath.slice(0, at).join("\n"));
    return module.imports
      .filter((item) => importPath(item)[0] === "data" && own.has(importPath(item).slice(1).join("\n")))
      .map(({ path }) => path);
  },
});
