// What an editor's or a command's settings say about a project.
import type { Severity } from "#grammars/diagnostic.ts";
import type { RegoVersion } from "#grammars/rego/ast.ts";

/** What wins over `rw.conf`. */
export interface ProjectSettings {
  readonly entrypoints?: readonly string[];
  readonly inputGlobs?: readonly string[];
  readonly profile?: string | undefined;
  /** The real environment, where samples may look into it; a profile's variables win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly strict?: boolean;
  /** What findings of lint rules are shown as, by the name of the rule or its category; `off` hides them. */
  readonly lintSeverity?: Readonly<Record<string, Severity | "off">>;
  readonly regoVersion?: RegoVersion | undefined;
  /** Folders that are roots of their own, seen from each workspace folder. */
  readonly roots?: readonly string[];
  /** A capabilities file, seen from the root. */
  readonly capabilities?: string | undefined;
  /** A schema of the input or a folder of schemas, seen from the root. */
  readonly schema?: string | undefined;
  /** Glob of inputs → JSON Schema file, seen from the root; wins over `schemas` of `rw.conf`. */
  readonly schemas?: Readonly<Record<string, string>>;
  /** JSON and YAML files that are data whatever their names are, and the folders that paths of data are counted from besides others. */
  readonly data?: { readonly files: ReadonlySet<string>; readonly roots: readonly string[] };
  /** Reads documents of any size, as in a thread of their own or on the command line. */
  readonly anySize?: boolean;
}
