// What a file imports of `data`, for rules that look for it in other files.
import type { Range } from "#grammars/rego/ast.ts";
import type { LintFile } from "./lint-file.ts";
import { importPath } from "./names.ts";

export interface DataImport {
  /** Without `data`. */
  readonly path: readonly string[];
  readonly place: Range;
}

/** In their order. Rules of Regal's own may import what Regal gives them, `data.regal`. */
export function importedData({ module, packagePath }: LintFile): readonly DataImport[] {
  const isRegalRule = packagePath[0] === "custom" && packagePath[1] === "regal";
  return module.imports.flatMap((item) => {
    const [root, ...path] = importPath(item);
    const isOfRegal = isRegalRule && path[0] === "regal";
    return root === "data" && path.length > 0 && !isOfRegal ? [{ path, place: item }] : [];
  });
}
