// Strict mode: imports whose name nothing uses.
import type { Range } from "#grammars/rego/ast.ts";
import { printImport } from "#grammars/rego/print-terms.ts";
import { type Compilation, noteStrict } from "../compilation.ts";
import type { ModuleUnit } from "../rule-units.ts";

/** The range with the rest of its line and the line break; an import that stands alone goes with the empty line below. */
function lineOf({ start, end }: Range, text: string): Range {
  const isAlone = /\n\r?\n$/u.test(text.slice(0, start));
  const rest = (isAlone ? /^[ \t]*(?:\r?\n){0,2}/u : /^[ \t]*(?:\r?\n)?/u).exec(text.slice(end))![0].length;
  return { start, end: end + rest };
}

export function checkUnusedImports(compilation: Compilation, module: ModuleUnit): void {
  for (const item of module.unusedImports) {
    noteStrict(compilation, {
      module,
      range: item,
      code: "rego_compile_error",
      message: `${printImport(item)} unused`,
      tags: ["unnecessary"],
      fixes: [{ title: "Remove the import", edits: [{ range: lineOf(item, module.text), newText: "" }], preferred: true }],
    });
  }
}
