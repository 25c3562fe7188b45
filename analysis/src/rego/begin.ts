// Start and end of a check: parsed modules become units, units become modules again, findings get OPA's order and limit.

import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Import, Module } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { AnnotationSet } from "./annotations.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { CheckedModule, CheckOptions } from "./checked.ts";
import type { Compilation } from "./compilation.ts";
import { RuleTree } from "./rule-tree.ts";
import { LocalNames, type ModuleUnit, RuleUnit } from "./rule-units.ts";

/** The working state over some units, before any stage. */
export function compilationOf(
  modules: readonly ModuleUnit[],
  options: CheckOptions,
  builtins: ReadonlyMap<string, Builtin>,
): Compilation {
  return {
    modules,
    builtins,
    language: options.language,
    ruleNames: new Map(),
    names: new LocalNames("__local", ""),
    strict: options.strict ?? false,
    hinting: options.hints === true && options.strict !== true,
    printing: options.printing ?? false,
    openFunctions: options.openFunctions ?? false,
    schemas: options.schemas,
    schemaFault: options.schemaFault,
    hasData: options.hasData,
    diagnostics: [],
    hints: [],
    stopped: false,
    tree: RuleTree.empty,
    graph: undefined,
    types: undefined,
    readsAnnotations: options.annotations !== undefined && options.annotations !== false,
    typesBySchemas: options.annotations !== "untyped",
    annotations: new AnnotationSet([]),
  };
}

/** The unit of a parsed module; `names` go on from an earlier version of it. */
export function moduleUnit(
  { file, text, module, hints = [] }: ParsedModule,
  names = new LocalNames("__local", text),
): ModuleUnit {
  let lines: LineIndex | undefined;
  const unit: ModuleUnit = {
    file,
    text,
    version: module.version,
    source: module,
    package: module.package?.path ?? [],
    imports: module.imports,
    rules: [],
    names,
    placeless: new Set(),
    hints,
    unusedImports: [],
    typesDeprecated: false,
    sharedHeads: new Map(),
    copiedHeads: new Set(),
    get lines() {
      lines ??= new LineIndex(text);
      return lines;
    },
  };
  unit.rules = module.rules.map((rule) => RuleUnit.of(unit, rule));
  return unit;
}

/** The module as the stages left it. */
export function restore(unit: ModuleUnit): CheckedModule {
  const imports: readonly Import[] = [];
  const module: Module = { ...unit.source, imports, rules: unit.rules.map(({ made }) => made) };
  return {
    file: unit.file,
    text: unit.text,
    version: unit.version,
    source: unit.source,
    module,
    writtenNames: unit.names.written,
  };
}

/** The findings by file, row, column and message; with a limit, the rest is one last finding. */
export function inOrder(found: readonly Diagnostic[], limit: number): readonly Diagnostic[] {
  const kept = limit > 0 ? found.slice(0, limit) : [...found];
  kept.sort(compareDiagnostics);
  if (limit > 0 && found.length >= limit) {
    kept.push({
      file: "",
      range: { start: 0, end: 0 },
      severity: "error",
      code: "rego_compile_error",
      message: "error limit reached",
    });
  }
  return kept;
}

/** By file, row, column and message; what has no place comes last. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return comparePlaces(a, b) || compareText(a.code, b.code) || compareText(a.message, b.message);
}

/** By file, row and column. */
export function comparePlaces(a: Diagnostic, b: Diagnostic): number {
  const order = Number(a.placeless ?? false) - Number(b.placeless ?? false);
  if (order !== 0 || a.placeless) return order;
  return compareText(a.file, b.file) || (a.reported ?? a.range).start - (b.reported ?? b.range).start;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
