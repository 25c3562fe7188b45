// Plans unification: free variables are bound, everything else is compared.
import { isComprehension } from "#analysis/rego/tree/walk.ts";
import type { Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { local, type Next } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant, keyText } from "./rule-trie.ts";

export function planUnification(p: FunctionPlanner, a: Term, b: Term, next: Next): void {
  equations(p, [[a, b]], next);
}

/** Takes the first equation that has a side which can be evaluated now, else the first that has others within. */
function equations(p: FunctionPlanner, pairs: readonly (readonly [Term, Term])[], next: Next): void {
  if (pairs.length === 0) return next();
  const known = pairs.findIndex(([a, b]) => isEvaluable(p, a) || isEvaluable(p, b));
  const index = Math.max(0, known < 0 ? pairs.findIndex(([a, b]) => a.kind === b.kind && a.kind !== "var") : known);
  const a = pairs[index]![0];
  const b = pairs[index]![1];
  const rest = pairs.filter((_, at) => at !== index);
  if (isEvaluable(p, a) && isEvaluable(p, b)) {
    const gathered = gatheredLater(a, b);
    if (gathered !== undefined) {
      const { value, comprehension, kind } = gathered;
      return p.term(value, (known) =>
        ofKindOrSet(p, kind, known, () =>
          p.term(comprehension, (right) => {
            p.emit({ op: "Equal", a: known, b: right });
            equations(p, rest, next);
          }),
        ),
      );
    }
    return p.term(a, (left) =>
      p.term(b, (right) => {
        p.emit({ op: "Equal", a: left, b: right });
        equations(p, rest, next);
      }),
    );
  }
  if (a.kind === "array" && b.kind === "array" && !isEvaluable(p, a) && !isEvaluable(p, b)) {
    if (a.items.length !== b.items.length) return p.fail();
    return equations(p, [...a.items.map((item, at) => [item, b.items[at]!] as const), ...rest], next);
  }
  if (a.kind === "object" && b.kind === "object" && !isEvaluable(p, a) && !isEvaluable(p, b)) {
    const pairsOf = a.entries.map(({ key, value }) => {
      const other = b.entries.find((entry) => isSameKey(entry.key, key));
      return other === undefined ? undefined : ([value, other.value] as const);
    });
    if (a.entries.length !== b.entries.length || pairsOf.some((pair) => pair === undefined)) return p.fail();
    return equations(p, [...(pairsOf as (readonly [Term, Term])[]), ...rest], next);
  }
  if (a.kind === "var" && b.kind === "var" && a.name === b.name && !isEvaluable(p, a)) return equations(p, rest, next);
  // A variable that is a member or a key of what it equals: the equation holds, and nobody can ask for the value.
  if (!isEvaluable(p, a) && !isEvaluable(p, b) && holdsUnbound(p, a, b)) return equations(p, rest, next);
  const isLeft = isEvaluable(p, b);
  p.term(isLeft ? b : a, (operand) => planMatch(p, isLeft ? a : b, operand, () => equations(p, rest, next)));
}

export function isSameKey(a: Term, b: Term): boolean {
  if (isConstant(a) && isConstant(b)) return keyText(a) === keyText(b);
  return a.kind === "var" && b.kind === "var" && a.name === b.name;
}

const gatheredKinds = { arrayComprehension: "IsArray", objectComprehension: "IsObject", setComprehension: "IsSet" } as const;

/** OPA looks at no other kind beside a set. */
function ofKindOrSet(p: FunctionPlanner, kind: "IsArray" | "IsObject" | "IsSet", source: Operand, next: Next): void {
  if (kind === "IsSet") {
    p.emit({ op: kind, source });
    return next();
  }
  p.exists((found) => {
    const either = (op: "IsArray" | "IsObject" | "IsSet") =>
      p.block(() => {
        p.emit({ op, source });
        found();
      });
    p.emit({ op: "Block", blocks: [either(kind), either("IsSet")] });
  }, next);
}

/** A comprehension that OPA evaluates only for a value of its kind: beside a ref, or on the right. */
function gatheredLater(
  a: Term,
  b: Term,
): { readonly value: Term; readonly comprehension: Term; readonly kind: "IsArray" | "IsObject" | "IsSet" } | undefined {
  if (isComprehension(b)) return isComprehension(a) ? undefined : { value: a, comprehension: b, kind: gatheredKinds[b.kind] };
  return isComprehension(a) && b.kind === "ref" ? { value: b, comprehension: a, kind: gatheredKinds[a.kind] } : undefined;
}

/** Matches a value with a pattern: unbound variables are bound, everything else must be equal. */
export function planMatch(p: FunctionPlanner, pattern: Term, value: Operand, next: Next): void {
  if (pattern.kind === "var" && !isRootName(pattern.name) && !p.env.has(pattern.name)) {
    p.bind(pattern.name, value);
    matchAll(p, p.awaited.get(pattern.name) ?? [], value, next);
    p.env.delete(pattern.name);
    return;
  }
  if (isEvaluable(p, pattern)) {
    return p.term(pattern, (wanted) => {
      if (wanted === value) return next();
      p.emit({ op: "Equal", a: wanted, b: value });
      next();
    });
  }
  if (pattern.kind === "array") {
    p.emit({ op: "IsArray", source: value });
    checkLength(p, value, pattern.items.length);
    return matchItems(p, pattern.items, 0, value, next);
  }
  if (comparesWhole(p, pattern)) return p.fail();
  if (pattern.kind === "object") {
    p.emit({ op: "IsObject", source: value });
    checkLength(p, value, pattern.entries.length);
    return matchEntries(p, pattern.entries, value, next);
  }
  p.term(pattern, (wanted) => {
    p.emit({ op: "Equal", a: wanted, b: value });
    next();
  });
}

function matchAll(p: FunctionPlanner, [first, ...rest]: readonly Term[], value: Operand, next: Next): void {
  if (first === undefined) next();
  else planMatch(p, first, value, () => matchAll(p, rest, value, next));
}

function holdsUnbound(p: FunctionPlanner, a: Term, b: Term): boolean {
  return (a.kind === "var" && comparesWhole(p, b)) || (b.kind === "var" && comparesWhole(p, a));
}

/** Members of sets and keys of objects are never bound: with a free variable among them, a pattern equals no value. */
function comparesWhole(p: FunctionPlanner, pattern: Term): boolean {
  if (pattern.kind === "set") return true;
  return pattern.kind === "object" && pattern.entries.some(({ key }) => !isEvaluable(p, key));
}

function checkLength(p: FunctionPlanner, value: Operand, length: number): void {
  const found = p.fresh();
  p.emit({ op: "Len", source: value, target: found });
  p.emit({ op: "Equal", a: local(found), b: local(p.integer(length)) });
}

function matchItems(p: FunctionPlanner, items: readonly Term[], index: number, value: Operand, next: Next): void {
  const item = items[index];
  if (item === undefined) return next();
  const found = p.fresh();
  p.emit({ op: "Dot", source: value, key: local(p.integer(index)), target: found });
  planMatch(p, item, local(found), () => matchItems(p, items, index + 1, value, next));
}

function matchEntries(
  p: FunctionPlanner,
  entries: readonly { readonly key: Term; readonly value: Term }[],
  value: Operand,
  next: Next,
): void {
  const [first, ...rest] = entries;
  if (first === undefined) return next();
  p.term(first.key, (key) => {
    const found = p.fresh();
    p.emit({ op: "Dot", source: value, key, target: found });
    planMatch(p, first.value, local(found), () => matchEntries(p, rest, value, next));
  });
}

/** True when the term has a value by the present bindings; refs may bind their own keys. */
export function isEvaluable(p: FunctionPlanner, term: Term): boolean {
  switch (term.kind) {
    case "var":
      return isRootName(term.name) || p.env.has(term.name);
    case "array":
    case "set":
      return term.items.every((item) => isEvaluable(p, item));
    case "object":
      return term.entries.every(({ key, value }) => isEvaluable(p, key) && isEvaluable(p, value));
    case "call":
      return term.args.every((arg) => isEvaluable(p, arg));
    case "ref":
      return isEvaluable(p, term.parts[0]!) || term.parts[0]!.kind === "call";
    default:
      return true;
  }
}
