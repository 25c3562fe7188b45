// Plans refs into values: constant keys, bound keys, free keys.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { local, type NextValue } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";
import { planVariable } from "./terms.ts";
import { scanWritten, searched, writtenAt } from "./written-members.ts";

export function planRef(p: FunctionPlanner, ref: Ref, next: NextValue): void {
  const { parts } = ref;
  const head = parts[0]!;
  if (head.kind === "var" && parts.length === 1) return planVariable(p, head.name, next);
  if (head.kind === "var" && head.name === "data") return p.document(parts.slice(1), next);
  if (head.kind === "var" && head.name === "input") return planDots(p, local(p.input), parts, next, 1);
  p.term(head, (value) => planDots(p, value, parts, next, 1));
}

/** Walks into a value by the parts from a position on; an unbound variable goes through every key. */
export function planDots(p: FunctionPlanner, source: Operand, parts: readonly Term[], next: NextValue, at = 0): void {
  if (at === parts.length) return next(source);
  const part = parts[at]!;
  if (p.evaluable(part)) {
    return p.term(part, (key) => {
      const target = p.fresh();
      p.emit({ op: "Dot", source: searched(p, source), key, target });
      writtenAt(p, source, part, target);
      planDots(p, local(target), parts, next, at + 1);
    });
  }
  scanWritten(p, p.localOf(source), (key, value) =>
    p.match(part, local(key), () => planDots(p, local(value), parts, next, at + 1)),
  );
}

/** As `planDots`, in a base document: the paths of OPA's store are texts, see rt_base_lookup. */
export function planBaseDots(p: FunctionPlanner, source: Operand, parts: readonly Term[], next: NextValue): void {
  const [part, ...rest] = parts;
  if (part === undefined) return next(source);
  const goOn: NextValue = (value) => planBaseDots(p, value, rest, next);
  if (!p.evaluable(part) || !mayBeSpelled(part)) return planDots(p, source, [part], goOn);
  p.term(part, (key) => {
    const target = p.fresh();
    p.emit({ op: "Dot", source, key, target, base: true });
    goOn(local(target));
  });
}

/** False for constants that stand for themselves alone: texts that are no index, booleans and null. */
function mayBeSpelled(part: Term): boolean {
  return part.kind === "string" ? /^[-+]?[0-9.]+$/u.test(part.value) : !isConstant(part) || part.kind === "number";
}
