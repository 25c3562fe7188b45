// v1 and strict mode: two imports must not give the same name.
import type { Import } from "#grammars/rego/ast.ts";
import { printImport } from "#grammars/rego/print-terms.ts";
import { type Compilation, note } from "../compilation.ts";
import type { ModuleUnit } from "../rule-units.ts";
import { importName } from "./01-resolve-refs.ts";

export function checkDuplicateImports(compilation: Compilation, module: ModuleUnit): void {
  if (!compilation.strict && module.version === "v0") return;
  const seen = new Map<string, Import>();
  for (const item of module.imports) {
    const name = importName(item);
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, item);
      continue;
    }
    note(compilation, {
      module,
      range: item,
      code: "rego_compile_error",
      message: `import must not shadow ${printImport(first)}`,
      related: [{ file: module.file, range: first, message: "imported here" }],
    });
  }
}
