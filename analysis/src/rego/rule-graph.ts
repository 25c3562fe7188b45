// Which rule depends on which, by the refs in its head and body.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import type { RuleUnit } from "./compilation.ts";
import { isConstant } from "./tree/refs.ts";

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

/** Positions of a ref whose value a document decides, where the path of a rule is fixed. */
export function openParts(ref: Ref, path: readonly Term[]): readonly number[] {
  return ref.parts.flatMap((part, i) => (i > 0 && i < path.length && part.kind === "ref" && isConstant(path[i]!) ? [i] : []));
}
