// Why a rule may be recursive: for which values the ref that closes the cycle means the rule, and where those values come from.
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { printRef, printTerm } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import type { Builtin } from "./builtins/builtin.ts";
import { membersOf } from "./ref-values.ts";
import { type OpenRef, openPositions, type RefPlace } from "./rule-refs.ts";
import { rulePath } from "./rule-tree.ts";
import type { RuleUnit } from "./rule-units.ts";
import { groundPrefix, isConstant, rootOf } from "./tree/refs.ts";
import { isUnification, operatorName } from "./tree/vars.ts";
import { renamed } from "./tree/written.ts";

type Builtins = ReadonlyMap<string, Builtin>;

/** A part of a ref, and the value it must have. */
interface Condition {
  readonly part: Term;
  /** As the author wrote it. */
  readonly shown: string;
  readonly value: Term;
}

/** Where a variable gets its value. */
type Origin =
  | { readonly kind: "input" | "rule"; readonly ref: Ref }
  | { readonly kind: "collection"; readonly value: Term }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "key" | "argument" };

/** With more conditions only the ref is named. */
const mostConditions = 2;
/** With more members a collection is not written out. */
const mostMembers = 5;

/** `data[x].p refers to data.a.p if x is "a" (x comes from input.x)` */
export function causeText(
  open: OpenRef,
  from: RuleUnit,
  to: RuleUnit,
  where: string,
  text: (unit: RuleUnit) => string,
  builtins: Builtins,
): string {
  const target = rulePath(to).parts;
  const { parts } = renamed(from.module.names, open.ref);
  // Behind the rule's path the ref only reads from its value.
  const shown = printRef(parts.slice(0, target.length));
  const conditions = conditionsOf(open, parts, target);
  const origins = conditions?.map(({ part }) => (part.kind === "var" ? originOf(part.name, open.place, builtins, 0) : undefined));
  const isStated =
    conditions !== undefined &&
    conditions.length > 0 &&
    conditions.length <= mostConditions &&
    conditions.every(({ value }, i) => mayBe(origins?.[i], value, builtins));
  if (!isStated) return `${shown}${where} could refer to ${text(to)}`;
  const list = conditions.map((condition, i) => {
    const note = noteOf(condition, origins?.[i], from, text);
    return `${condition.shown} is ${printTerm(condition.value)}${note === undefined ? "" : ` (${note})`}`;
  });
  return `${shown}${where} refers to ${text(to)} if ${list.join(" and ")}`;
}

/** One condition for each different part; undefined when a part would need two values. */
function conditionsOf(open: OpenRef, shown: readonly Term[], target: readonly Term[]): readonly Condition[] | undefined {
  const found = new Map<string, Condition>();
  for (const at of openPositions(open.selects, open.bound, target)) {
    const condition = { part: open.ref.parts[at]!, shown: printTerm(shown[at]!), value: target[at]! };
    const before = found.get(keyOf(shown[at]!));
    if (before !== undefined && keyOf(before.value) !== keyOf(condition.value)) return undefined;
    if (before === undefined) found.set(keyOf(shown[at]!), condition);
  }
  return [...found.values()];
}

/** False where a collection does not hold the value, or a builtin gives none of its type: then the condition says nothing. */
function mayBe(origin: Origin | undefined, value: Term, builtins: Builtins): boolean {
  if (origin?.kind === "collection") return (membersOf(origin.value) ?? []).some((member) => keyOf(member) === keyOf(value));
  if (origin?.kind !== "builtin") return true;
  const type = builtins.get(origin.name)?.result?.type;
  if (type === undefined || !["null", "boolean", "number", "string"].includes(value.kind)) return true;
  if (type.kind !== "any") return type.kind === value.kind;
  return type.of.length === 0 || type.of.some((member) => member.kind === value.kind);
}

function noteOf(
  { part, shown }: Condition,
  origin: Origin | undefined,
  from: RuleUnit,
  text: (unit: RuleUnit) => string,
): string | undefined {
  if (part.kind === "ref") return rootOf(part) === "data" ? "rule values aren't known at compile time" : undefined;
  switch (origin?.kind) {
    case undefined:
      return undefined;
    case "input":
      return `${shown} comes from ${printRef(renamed(from.module.names, origin.ref).parts)}`;
    case "rule":
      return `${shown} comes from rule ${printRef(origin.ref.parts)}, whose value isn't known at compile time`;
    case "collection": {
      const count = membersOf(origin.value)?.length ?? 0;
      return count > mostMembers ? `${shown} is one of ${count} values` : `${shown} is one of ${printTerm(origin.value)}`;
    }
    case "builtin":
      return `${shown} is computed by ${origin.name}`;
    case "key":
      return `${shown} is a key of ${text(from)}`;
    case "argument":
      return `${shown} is an argument of ${text(from)}`;
  }
}

/** Where a variable gets its value: from the expressions before the place, or the rule's head. */
function originOf(name: string, place: RefPlace, builtins: Builtins, depth: number): Origin | undefined {
  const { head, body, at } = place;
  if (depth > body.length) return undefined;
  const { bindings, outputs } = valuesGiven(place, builtins);
  const output = outputs.get(name);
  if (output !== undefined) return { kind: "builtin", name: output };
  const bound = bindings.get(name);
  if (bound?.kind === "var") return originOf(bound.name, place, builtins, depth + 1);
  if (bound?.kind === "ref") {
    const ref = { ...bound, parts: groundPrefix(bound.parts) };
    if (rootOf(bound) === "input") return { kind: "input", ref };
    if (rootOf(bound) === "data") return { kind: "rule", ref };
    const [first, index] = bound.parts;
    const value =
      first && bound.parts.length === 2 && index && !isConstant(index) ? collectionOf(first, bindings, at) : undefined;
    if (value !== undefined) return { kind: "collection", value };
  }
  const isVar = (term: Term | undefined): boolean => term?.kind === "var" && term.name === name;
  if (head.args?.some(isVar)) return { kind: "argument" };
  const keys = head.reference.kind === "ref" ? head.reference.parts.slice(1) : [];
  return keys.some(isVar) || isVar(head.key) ? { kind: "key" } : undefined;
}

interface Given {
  /** Variable → the other side of its first `=`. */
  readonly bindings: ReadonlyMap<string, Term>;
  /** Variable → the builtin whose output it is. */
  readonly outputs: ReadonlyMap<string, string>;
}

function valuesGiven({ body, at }: RefPlace, builtins: Builtins): Given {
  const bindings = new Map<string, Term>();
  const outputs = new Map<string, string>();
  const bind = (pattern: Term, value: Term): void => {
    if (pattern.kind === "var" && !bindings.has(pattern.name)) bindings.set(pattern.name, value);
  };
  for (const expr of body.slice(0, at)) {
    if (expr.negated || expr.with.length > 0 || expr.body.kind !== "call") continue;
    const { operator, args } = expr.body;
    const [left, right] = args;
    const last = args.at(-1);
    const name = operatorName(operator.parts);
    if (isUnification(expr) && left !== undefined && right !== undefined) {
      bind(left, right);
      bind(right, left);
    } else if (last?.kind === "var" && builtins.get(name)?.args.length === args.length - 1) outputs.set(last.name, name);
  }
  return { bindings, outputs };
}

/** A constant collection, or the one that a variable is bound to. */
function collectionOf(term: Term, bindings: Given["bindings"], steps: number): Term | undefined {
  let found: Term | undefined = term;
  for (let left = steps; left >= 0 && found?.kind === "var"; left--) found = bindings.get(found.name);
  return found !== undefined && membersOf(found) !== undefined && isConstant(found) ? found : undefined;
}
