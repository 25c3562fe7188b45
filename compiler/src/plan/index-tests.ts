// What OPA's rule index asks of a body before its rule is tried: which documents it reads, and the constants they must be.
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { functionName } from "./calls.ts";
import { FALSE, local, type Next } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { FunctionPlanner } from "./planner.ts";
import { isConstant, keyText, type TrieNode } from "./rule-trie.ts";

const AFFIX: Readonly<Record<string, "startswith" | "endswith">> = {
  startswith: "startswith",
  endswith: "endswith",
  "strings.any_prefix_match": "startswith",
  "strings.any_suffix_match": "endswith",
};

type Constraint =
  | { readonly kind: "value" | "member"; readonly term: Term }
  | { readonly kind: "startswith" | "endswith"; readonly term: Term };

/** A document, and what it may be; anything when nothing is said. */
interface IndexedRef {
  readonly ref: Ref;
  readonly alternatives: Constraint[];
}

/** Goes on when the index would let the body's rule be tried. */
export function planAdmitted(p: FunctionPlanner, body: Body, next: Next): void {
  const plan = ([first, ...rest]: readonly IndexedRef[]): void => {
    if (first === undefined) return next();
    p.exists(
      (found) => p.term(first.ref, (value) => planAlternatives(p, first, value, found)),
      () => plan(rest),
    );
  };
  plan([...indexedRefs(p, body).values()]);
}

function planAlternatives(p: FunctionPlanner, { alternatives }: IndexedRef, value: Operand, found: Next): void {
  if (alternatives.length === 0) return found();
  p.emit({ op: "Block", blocks: alternatives.map((one) => p.block(() => planConstraint(p, one, value, found))) });
}

function planConstraint(p: FunctionPlanner, { kind, term }: Constraint, value: Operand, found: Next): void {
  switch (kind) {
    case "value":
      return planValue(p, term, value, found);
    case "member":
      return p.term(term, (wanted) => {
        holds(p, "internal.member_2", [wanted, value]);
        found();
      });
    case "startswith":
    case "endswith":
      holds(p, "is_string", [value]);
      p.term(term, (affix) => {
        holds(p, kind, [value, affix]);
        found();
      });
  }
}

/** Elements that are no scalars may be anything. */
function planValue(p: FunctionPlanner, term: Term, value: Operand, next: Next): void {
  if (term.kind !== "array") {
    return p.term(term, (wanted) => {
      p.emit({ op: "Equal", a: value, b: wanted });
      next();
    });
  }
  p.emit({ op: "IsArray", source: value });
  const length = p.fresh();
  p.emit({ op: "Len", source: value, target: length });
  p.emit({ op: "Equal", a: local(length), b: local(p.integer(term.items.length)) });
  for (const [at, item] of term.items.entries()) {
    if (!isConstant(item)) continue;
    const found = p.fresh();
    p.emit({ op: "Dot", source: value, key: local(p.integer(at)), target: found });
    p.term(item, (wanted) => p.emit({ op: "Equal", a: local(found), b: wanted }));
  }
  next();
}

function holds(p: FunctionPlanner, name: string, args: readonly Operand[]): void {
  const builtin = p.program.builtins.get(name);
  if (builtin === undefined) return;
  p.program.useBuiltin(builtin);
  const result = p.fresh();
  p.emit({ op: "Call", func: name, args, result });
  p.emit({ op: "NotEqual", a: local(result), b: FALSE });
}

function indexedRefs(p: FunctionPlanner, body: Body): ReadonlyMap<string, IndexedRef> {
  const found = new Map<string, IndexedRef>();
  if (body.some((expr) => operatorOf(expr) === "internal.print")) return found;
  const constants = new Map<string, Term>();
  const documents = new Map<string, Ref>();
  const constantOf = (term: Term): Term => (term.kind === "var" ? (constants.get(term.name) ?? term) : term);
  const documentOf = (term: Term): Ref | undefined => {
    if (term.kind === "var") return documents.get(term.name);
    if (term.kind !== "ref") return undefined;
    const [head, ...keys] = term.parts;
    const alias = head?.kind === "var" ? documents.get(head.name) : undefined;
    const ref: Ref = alias === undefined ? term : { ...term, parts: [...alias.parts, ...keys] };
    return isBase(p, ref.parts) ? ref : undefined;
  };
  const note = (ref: Ref, constraint?: Constraint): void => {
    const key = ref.parts.map((part) => (part.kind === "var" ? part.name : isConstant(part) ? keyText(part) : "")).join("\u0001");
    const known = found.get(key) ?? { ref, alternatives: [] };
    found.set(key, known);
    if (constraint !== undefined) known.alternatives.push(constraint);
  };
  const equation = (a: Term, b: Term): boolean => {
    const value = constantOf(b);
    const prefix =
      a.kind === "ref" && a.parts.at(-1)?.kind === "var" ? documentOf({ ...a, parts: a.parts.slice(0, -1) }) : undefined;
    if (prefix !== undefined && isConstant(value)) {
      note(prefix, { kind: "member", term: value });
      return true;
    }
    const ref = documentOf(a);
    if (ref === undefined) {
      if (a.kind === "var" && isGround(value)) constants.set(a.name, value);
      return false;
    }
    if (!isIndexable(value)) return false;
    if (value.kind === "var") documents.set(value.name, ref);
    note(ref, value.kind === "var" ? undefined : { kind: "value", term: value });
    return true;
  };
  for (const expr of body) {
    if (expr.negated || expr.with.length > 0) continue;
    const bare = expr.body.kind === "ref" ? documentOf(expr.body) : undefined;
    if (bare !== undefined) note(bare);
    const [a, b, ...more] = expr.body.kind === "call" ? expr.body.args : [];
    if (a === undefined || b === undefined || more.length > 0) continue;
    const name = operatorOf(expr);
    if (name === "eq" || name === "assign" || name === "equal") {
      if (!equation(a, b)) equation(b, a);
    } else if (name === "internal.member_2") {
      const [ref, members] = [documentOf(a), membersOf(constantOf(b))];
      if (ref !== undefined && members !== undefined) for (const term of members) note(ref, { kind: "value", term });
      const collection = documentOf(b);
      const value = constantOf(a);
      if (ref === undefined && collection !== undefined && isConstant(value)) note(collection, { kind: "member", term: value });
    } else if (name !== undefined && Object.hasOwn(AFFIX, name)) {
      const [ref, bases] = [documentOf(a), affixes(constantOf(b))];
      if (ref !== undefined && bases !== undefined) for (const term of bases) note(ref, { kind: AFFIX[name]!, term });
    }
  }
  return found;
}

function operatorOf({ body }: Expr): string | undefined {
  return body.kind === "call" ? functionName(body.operator.parts) : undefined;
}

/** Scalars, variables, and arrays without anything nested. */
function isIndexable(term: Term): boolean {
  if (term.kind === "array") return term.items.every((item) => isConstant(item) || item.kind === "var");
  return isConstant(term) || term.kind === "var";
}

function isGround(term: Term): boolean {
  if (term.kind === "array" || term.kind === "set") return term.items.every(isGround);
  if (term.kind === "object") return term.entries.every(({ key, value }) => isGround(key) && isGround(value));
  return isConstant(term);
}

/** The members of a constant collection; undefined when some could not be told apart. */
function membersOf(term: Term): readonly Term[] | undefined {
  const members =
    term.kind === "array" || term.kind === "set"
      ? term.items
      : term.kind === "object"
        ? term.entries.map(({ value }) => value)
        : undefined;
  return members?.every((one) => isConstant(one) || one.kind === "array") === true ? members : undefined;
}

function affixes(term: Term): readonly Term[] | undefined {
  const bases = term.kind === "array" || term.kind === "set" ? term.items : [term];
  return bases.every(({ kind }) => kind === "string") ? bases : undefined;
}

/** A ref of constant keys to `input`, or to a place in `data` where no rule stands. */
function isBase(p: FunctionPlanner, [root, ...keys]: readonly Term[]): boolean {
  if (root?.kind !== "var" || !keys.every(isConstant)) return false;
  if (root.name === "input") return true;
  if (root.name !== "data") return false;
  let node: TrieNode = p.rules.root;
  for (const key of keys) {
    const child = node.children.get(keyText(key));
    if (child === undefined) return true;
    if (child.rules.length > 0) return false;
    node = child;
  }
  return false;
}
