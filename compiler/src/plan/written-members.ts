// Sets and objects that a body writes out: OPA's interpreter goes through their members as they are written, before they have
// their values. Constants come first, then variables by name, and members that turn out to be equal count each.
import type { Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { local } from "./function-builder.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";

/** A member, or a key with its value. */
export interface Written {
  readonly term: Term;
  readonly key: Operand;
  readonly value: Operand;
}

/** Notes what a set or an object in a local was written as. */
export function noteWritten(p: FunctionPlanner, target: Local, members: readonly Written[]): void {
  if (members.every(({ term, value }) => isConstant(term) && writtenAs(p, value) === undefined)) return;
  const inOrder = [...members].sort((a, b) => compareTerms(a.term, b.term));
  p.written.set(
    target,
    inOrder.filter(({ term }, at) => at === 0 || compareTerms(inOrder[at - 1]!.term, term) !== 0),
  );
}

function writtenAs(p: FunctionPlanner, value: Operand | undefined): readonly Written[] | undefined {
  return value?.kind === "local" ? p.written.get(value.local) : undefined;
}

/** Goes through the keys and values of a local. */
export function scanWritten(p: FunctionPlanner, source: Local, use: (key: Local, value: Local) => void): void {
  const written = p.written.get(source);
  if (written === undefined) return p.scan(source, use);
  const [keys, values] = [p.fresh(), p.fresh()];
  for (const array of [keys, values]) p.emit({ op: "MakeArray", capacity: written.length, target: array });
  for (const { key, value } of written) {
    p.emit({ op: "ArrayAppend", value: key, array: keys });
    p.emit({ op: "ArrayAppend", value, array: values });
  }
  p.scan(keys, (index, key) => {
    const value = p.fresh();
    p.emit({ op: "Dot", source: local(values), key: local(index), target: value });
    use(key, value);
  });
}

/** What stands at a constant key was written there, too. */
export function writtenAt(p: FunctionPlanner, source: Operand, key: Term, target: Local): void {
  if (!isConstant(key)) return;
  const found = writtenAs(p, source)?.find(({ term }) => compareTerms(term, key) === 0);
  const written = writtenAs(p, found?.value);
  if (written !== undefined) p.written.set(target, written);
}
