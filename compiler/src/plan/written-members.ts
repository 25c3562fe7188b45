// Sets and objects that a body writes out: OPA's interpreter goes through their members as they are written, before they have
// their values. Constants come first, then variables by name; members that turn out to be equal count each, and of such keys the
// first one says what is there.
import type { Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { local } from "./function-builder.ts";
import type { Local, Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";
import type { Written } from "./written.ts";

/** Members in the order in which OPA puts them in once they have their values: of equal ones the first says how they are spelled. */
export function asSorted<Member extends Pick<Written, "term">>(members: readonly Member[]): readonly Member[] {
  return members.every(({ term }) => isConstant(term)) ? members : [...members].sort((a, b) => compareTerms(a.term, b.term));
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
  const keys = keysOf(p, written);
  const found = searched(p, local(source));
  p.scan(keys, (_index, key) => {
    const value = p.fresh();
    p.emit({ op: "Dot", source: found, key: local(key), target: value });
    use(key, value);
  });
}

/**
 * A set as a rule gives it to who asks first, or a call to its function: these go through the members as they are written. What is
 * remembered, and what is put into something else, is a set like others.
 */
export function asWritten(p: FunctionPlanner, source: Operand): Operand {
  const written = writtenAs(p, source) ?? [];
  if (written.length < 2 || written.some(({ value }) => value !== undefined) || written.every(({ term }) => isConstant(term)))
    return source;
  const target = p.fresh();
  p.emit({ op: "AsWritten", source, order: keysOf(p, written), target });
  return local(target);
}

function keysOf(p: FunctionPlanner, written: readonly Written[]): Local {
  const keys = p.fresh();
  p.emit({ op: "MakeArray", capacity: written.length, target: keys });
  for (const { key } of written) p.emit({ op: "ArrayAppend", value: key, array: keys });
  return keys;
}

/** Where a key is looked for: of an object whose keys may turn out to be equal, one that has the first value of each. */
export function searched(p: FunctionPlanner, source: Operand): Operand {
  const written = writtenAs(p, source) ?? [];
  if (written.length < 2 || written.every(({ term, value }) => value === undefined || isConstant(term))) return source;
  const target = p.fresh();
  p.emit({ op: "MakeObject", target });
  for (const { key, value } of written.toReversed())
    if (value !== undefined) p.emit({ op: "ObjectInsert", key, value, object: target });
  return local(target);
}

/** What stands at a constant key was written there, too. */
export function writtenAt(p: FunctionPlanner, source: Operand, key: Term, target: Local): void {
  if (!isConstant(key)) return;
  const found = writtenAs(p, source)?.find(({ term }) => compareTerms(term, key) === 0);
  const written = writtenAs(p, found?.value);
  if (written !== undefined) p.written.set(target, written);
}
