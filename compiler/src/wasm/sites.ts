// The places in the source that a module names: in its error records, and to who watches it.
import type { Location } from "../plan/ir.ts";

/** A place that an error record or a conflict names. */
export interface Site {
  readonly location: Location;
  /** What stands there: a builtin call, or what may conflict. */
  readonly kind: "builtin" | "rule" | "function" | "object" | "path";
  /** The builtin's name, or the plan function's (`g0.data.a.b`), empty in an entrypoint. */
  readonly name: string;
  /** The ref of the rule or function, empty for others. */
  readonly document: string;
}

/** A place in the source that a watched evaluation reaches and passes. */
export interface Step {
  readonly location: Location;
  /** The plan function it belongs to; empty in an entrypoint. */
  readonly func: string;
  /** True for the rule or function as a whole: it begins, gives its result, gives none. */
  readonly whole: boolean;
}
