// The dialect that formatting writes, and what it may leave out.
import type { RegoVersion } from "../ast.ts";

export interface FormatOptions {
  /** The dialect to write; v1 unless given. */
  readonly version?: RegoVersion;
  /** Writes what is valid in every dialect from `version` to this one: v0 to v1 is `--v0-v1`, which imports `rego.v1`. */
  readonly upTo?: RegoVersion;
  /** Leaves out imports that the dialect makes needless (`--drop-v0-imports`). */
  readonly dropImports?: boolean;
}
