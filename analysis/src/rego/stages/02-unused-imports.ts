// Strict mode: imports whose name nothing uses.
import { type Compilation, note } from "../compilation.ts";
import { printImport } from "../tree/print.ts";

export function checkUnusedImports(compilation: Compilation): void {
  for (const { module, item } of compilation.unusedImports) {
    note(compilation, {
      module,
      range: item,
      code: "rego_compile_error",
      message: `${printImport(item)} unused`,
      tags: ["unnecessary"],
      fixes: [{ title: "Remove the import", edits: [{ range: item, newText: "" }] }],
    });
  }
}
