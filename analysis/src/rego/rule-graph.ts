// Which rule depends on which, by the refs in its head and body.
import type { Ref } from "#grammars/rego/ast.ts";
import type { RuleUnit } from "./compilation.ts";

export interface RuleGraph {
  /** The rules that a rule's refs may read or call. */
  dependencies(unit: RuleUnit): ReadonlySet<RuleUnit>;
  /** The rules whose refs may read or call this one. */
  dependents(unit: RuleUnit): ReadonlySet<RuleUnit>;
  /** All rules, dependencies first; on cycles in some order. */
  sorted(): readonly RuleUnit[];
  /** The ref by which `from` may depend on `to` only through a variable part, if that is the only way. */
  dynamicCause(from: RuleUnit, to: RuleUnit): Ref | undefined;
}
