// Unifies the keys of a rule's head with those that are asked for, which may hold variables without a value on both sides.
import type { Term } from "#grammars/rego/ast.ts";
import type { Next } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant } from "./rule-trie.ts";
import { isSameKey } from "./unification.ts";

/** The interpreter does not unify sets that hold variables. */
export function matchKey(p: FunctionPlanner, key: Term, value: Operand, next: Next): void {
  if (isPattern(p, key)) p.match(key, value, next);
  else p.fail();
}

/** Unifies a key of the head, as far as it has no value yet, with one that is asked for in part. */
export function unifyKeys(p: FunctionPlanner, key: Term, asked: Term, next: Next): void {
  if (p.evaluable(asked)) return p.term(asked, (value) => matchKey(p, key, value, next));
  if (p.evaluable(key)) return p.term(key, (value) => matchKey(p, asked, value, next));
  if (key.kind === "var" && asked.kind === "var") {
    if (key.name === asked.name) return next();
    return p.awaiting(key.name, asked, () => p.awaiting(asked.name, key, next));
  }
  if (key.kind === "var") return awaitShape(p, key.name, asked, next);
  if (asked.kind === "var") return awaitShape(p, asked.name, key, next);
  const pairs = sameShape(p, key, asked);
  if (pairs === undefined) return p.fail();
  const unify = (at: number): void => {
    const pair = pairs[at];
    if (pair === undefined) next();
    else unifyKeys(p, pair[0], pair[1], () => unify(at + 1));
  };
  unify(0);
}

/** Unifies a variable with an array or an object, and that with the one that the variable has to be already. */
function awaitShape(p: FunctionPlanner, name: string, shape: Term, next: Next): void {
  const awaited = shapeOf(p, name);
  const use = (): void => p.awaiting(name, shape, next);
  if (awaited === undefined) use();
  else unifyKeys(p, awaited, shape, use);
}

/** What a variable, or one that is the same, has to be. */
function shapeOf(p: FunctionPlanner, name: string): Term | undefined {
  const same = new Set([name]);
  for (const one of same) {
    for (const pattern of p.awaited.get(one) ?? []) {
      if (pattern.kind !== "var") return pattern;
      same.add(pattern.name);
    }
  }
  return undefined;
}

/** What must be equal for two arrays or objects to be; undefined where nothing can make them so. */
function sameShape(p: FunctionPlanner, key: Term, shape: Term): readonly (readonly [Term, Term])[] | undefined {
  if (key.kind === "array" && shape.kind === "array") {
    return key.items.length === shape.items.length ? key.items.map((item, at) => [item, shape.items[at]!]) : undefined;
  }
  if (key.kind !== "object" || shape.kind !== "object" || key.entries.length !== shape.entries.length) return undefined;
  // What stands at keys that are computed is compared when the members are there.
  if (key.entries.some((entry) => !isConstant(entry.key)))
    return key.entries.every((entry) => p.evaluable(entry.key)) ? [] : undefined;
  const pairs = key.entries.flatMap((entry) => {
    const other = shape.entries.find((one) => isSameKey(one.key, entry.key));
    return other === undefined ? [] : [[entry.value, other.value] as const];
  });
  return pairs.length === key.entries.length ? pairs : undefined;
}

/** True when matching the term binds all that it lacks. */
export function isPattern(p: FunctionPlanner, term: Term): boolean {
  switch (term.kind) {
    case "var":
      return true;
    case "array":
      return term.items.every((item) => isPattern(p, item));
    case "object":
      return term.entries.every(({ key, value }) => p.evaluable(key) && isPattern(p, value));
    default:
      return p.evaluable(term);
  }
}
