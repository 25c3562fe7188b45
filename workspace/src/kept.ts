// What all moments of a project share.
import type { Builtin } from "#analysis/rego/builtins/builtin.ts";
import type { IncrementalCheck } from "#analysis/rego/incremental.ts";
import type { IncrementalCompiler } from "#compiler/compile.ts";
import { KeptValues } from "./kept-values.ts";
import type { SourceFile } from "./source-file.ts";

/** What all moments of a project share: the check, as long as they have the same builtins and schemas, and what was read from files. */
export interface Kept {
  builtins: ReadonlyMap<string, Builtin> | undefined;
  schemas: readonly SourceFile[];
  check: IncrementalCheck | undefined;
  compiler: IncrementalCompiler | undefined;
  readonly values: KeptValues;
  /** True when all policies of a project were checked together. */
  whole: boolean;
  /** What the moments of a part that is checked apart share, until then. */
  apart: Kept | undefined;
}

export function nothingKept(): Kept {
  return {
    builtins: undefined,
    schemas: [],
    check: undefined,
    compiler: undefined,
    values: new KeptValues(),
    whole: false,
    apart: undefined,
  };
}
