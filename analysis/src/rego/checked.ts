// What a check is asked with and what it gives.

import type { Diagnostic } from "#grammars/diagnostic.ts";
import type { Body, Import, Module, Package, RegoVersion } from "#grammars/rego/ast.ts";
import type { Language } from "#grammars/rego/language.ts";
import type { Builtin } from "./builtins/builtin.ts";
import type { Compilation } from "./compilation.ts";
import type { RuleGraph } from "./rule-graph.ts";
import type { RuleTree } from "./rule-tree.ts";

export interface CheckOptions {
  /** OPA's `--strict`: unused locals, arguments and imports are errors too. */
  readonly strict?: boolean;
  /** Outside of strict mode: unused locals, arguments and imports as `hints`. */
  readonly hints?: boolean;
  /** Generated names are counted over all modules, as OPA counts them: for who shows them. */
  readonly sharedNames?: boolean;
  /** Keeps calls of `print`; without it they are erased. */
  readonly printing?: boolean;
  /** The builtins that exist, instead of OPA's (a capabilities file). */
  readonly builtins?: ReadonlyMap<string, Builtin>;
  /** What of the language there is, instead of all of it (a capabilities file). */
  readonly language?: Language;
  /** Functions that nobody declares may be called: the host program may have them. Bodies stay in the order they were written in. */
  readonly openFunctions?: boolean;
  /** Builtins of the host program, besides the others. */
  readonly extraBuiltins?: readonly Builtin[];
  /** True for paths where a base document stands; rules must not have the same path. */
  readonly hasData?: (path: readonly string[]) => boolean;
  /** JSON schemas by name (`schema.input`), and the schema of `input` itself under `schema`. */
  readonly schemas?: ReadonlyMap<string, unknown>;
  /** Why a JSON schema cannot be compiled; without it only what is asked of schemas is read. */
  readonly schemaFault?: (schema: unknown) => string | undefined;
  /** Reads METADATA blocks and reports what is wrong in them, as `opa check` does; `untyped`: their schemas give no types, as in `opa build`. */
  readonly annotations?: boolean | "untyped";
  /** METADATA that cannot be read leaves the findings of other modules as they are; OPA tells nothing else then. */
  readonly annotationsApart?: boolean;
  /** Stops after so many errors and says so, as OPA does at 10; 0 or nothing for all of them. */
  readonly maxErrors?: number;
}

export interface CheckedModule {
  readonly file: string;
  readonly text: string;
  readonly version: RegoVersion;
  /** As parsed. */
  readonly source: Module;
  /** As OPA's compiler leaves it: imports gone, refs complete, locals renamed, bodies in safe order, no nested calls. */
  readonly module: Module;
  /** Generated variable → name in the source. */
  readonly writtenNames: ReadonlyMap<string, string>;
}

export interface Checked {
  readonly modules: readonly CheckedModule[];
  /** In OPA's order: by file, row and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** What strict mode would complain about, for editors; nothing in strict mode, and nothing unless asked for. */
  readonly hints: readonly Diagnostic[];
  /** True when every stage ran: only then may the modules be planned. */
  readonly complete: boolean;
  /** Rules by their path below `data`. */
  readonly rules: RuleTree;
  readonly graph: RuleGraph | undefined;
  /** The builtins that were there. */
  readonly builtins: ReadonlyMap<string, Builtin>;
  /** What the stages left for queries and features. */
  readonly compilation: Compilation;
}

export interface QueryOptions extends Pick<CheckOptions, "printing"> {
  /** Reads names as in this package. */
  readonly package?: Package;
  readonly imports?: readonly Import[];
  /** Binds the values of expressions. */
  readonly capture?: boolean;
}

export interface CheckedQuery {
  /** Rewritten like the bodies of checked modules. */
  readonly body: Body;
  /** Variable in `body` → name as written, for what a solution binds: no wildcards, nothing generated. */
  readonly vars: ReadonlyMap<string, string>;
  /** The same for every variable that was renamed. */
  readonly writtenNames: ReadonlyMap<string, string>;
  /** With `capture`: start of an expression → the variable in `body` that holds its value. */
  readonly captures: ReadonlyMap<number, string>;
  /** In the order in which they were found, as OPA reports them. */
  readonly diagnostics: readonly Diagnostic[];
}
