// The working state of one check: what the stages share, and how they say what is wrong.

import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Range } from "#grammars/rego/ast.ts";
import type { Language } from "#grammars/rego/language.ts";
import type { AnnotationSet } from "./annotations.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { Problem } from "./problem.ts";
import type { RuleGraph } from "./rule-graph.ts";
import type { RuleTree } from "./rule-tree.ts";
import type { LocalNames, ModuleUnit } from "./rule-units.ts";
import type { TypeEnvironment } from "./types/environment.ts";

/** Everything a stage may look at or change. */
export interface Compilation {
  /** Sorted by file. */
  readonly modules: readonly ModuleUnit[];
  readonly builtins: ReadonlyMap<string, Builtin>;
  /** What of the language there is; all of it when undefined. */
  readonly language: Language | undefined;
  /** Names of the rules of each package, by the key of its path. */
  readonly ruleNames: ReadonlyMap<string, ReadonlySet<string>>;
  /** Makes names for the module, or the query, that is worked on. */
  readonly names: LocalNames;
  readonly strict: boolean;
  /** True when what strict mode would say is collected as `hints`. */
  readonly hinting: boolean;
  readonly printing: boolean;
  /** True when functions that nobody declares may be called. */
  readonly openFunctions: boolean;
  /** Paths of base documents, `a/b`; undefined when data is not known. */
  readonly hasData: ((path: readonly string[]) => boolean) | undefined;
  readonly diagnostics: Diagnostic[];
  readonly hints: Diagnostic[];
  /** Set when a stage found something that makes later stages pointless. */
  stopped: boolean;
  tree: RuleTree;
  graph: RuleGraph | undefined;
  readonly schemas: ReadonlyMap<string, unknown> | undefined;
  readonly schemaFault: ((schema: unknown) => string | undefined) | undefined;
  /** What the type checker found out, for queries and features. */
  types: TypeEnvironment | undefined;
  readonly readsAnnotations: boolean;
  /** True when schemas of annotations are types of documents. */
  readonly typesBySchemas: boolean;
  annotations: AnnotationSet;
}

/** An error that ends compilation after the stage. */
export function fail(compilation: Compilation, diagnostic: Problem): void {
  compilation.stopped = true;
  note(compilation, diagnostic);
}

/** An error after which later stages still run. */
export function note(compilation: Compilation, problem: Problem): void {
  compilation.diagnostics.push(diagnosticOf(problem));
}

/** The error that a problem is told as. */
export function diagnosticOf({ module, range, code, message, related, ...more }: Problem): Diagnostic {
  return {
    file: module.file,
    range: bare(range),
    severity: "error",
    code,
    message,
    ...more,
    ...(related === undefined ? {} : { related: related.map((one) => ({ ...one, range: bare(one.range) })) }),
  };
}

/** Nodes are ranges too, but a finding must not keep a tree alive. */
function bare({ start, end }: Range): Range {
  return { start, end };
}

/** An error of strict mode, a hint outside of it. */
export function noteStrict(compilation: Compilation, problem: Problem): void {
  if (compilation.strict) note(compilation, problem);
  else if (compilation.hinting) {
    const { module, range, ...rest } = problem;
    compilation.hints.push({ file: module.file, range: bare(range), severity: "hint", ...rest });
  }
}

/** `file:row`, as OPA writes places inside messages. */
export function placeText(module: ModuleUnit, range: Range): string {
  const row = module.lines.rowCol(range.start).row;
  return `${module.file}:${row}`;
}
