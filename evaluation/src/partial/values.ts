// Values as terms of a tree, and questions about terms that hold variables.
import { contains, type Node } from "#analysis/rego/tree/walk.ts";
import type { Expr, Term } from "#grammars/rego/ast.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { RegoNumber, RegoObject, RegoSet, type Value } from "../value.ts";

export const nowhere = { start: 0, end: 0 } as const;

export function termOf(value: Value): Term {
  if (value === null) return { kind: "null", ...nowhere };
  if (typeof value === "boolean") return { kind: "boolean", value, ...nowhere };
  if (typeof value === "string") return { kind: "string", value, ...nowhere };
  if (value instanceof RegoNumber) return { kind: "number", text: value.text, ...nowhere };
  if (value instanceof RegoSet) return { kind: "set", items: value.items.map(termOf), ...nowhere };
  if (value instanceof RegoObject)
    return {
      kind: "object",
      entries: value.entries.map(([key, item]) => ({ key: termOf(key), value: termOf(item) })),
      ...nowhere,
    };
  return { kind: "array", items: value.map(termOf), ...nowhere };
}

/** What a constant of a tree has below a key; `undefined` without one. */
export function memberOf(term: Term, key: Term): Term | undefined {
  switch (term.kind) {
    case "array": {
      if (key.kind !== "number" || !/^\d+$/u.test(key.text)) return undefined;
      return term.items[Number(key.text)];
    }
    case "object": {
      const wanted = keyOf(key);
      return term.entries.find((entry) => keyOf(entry.key) === wanted)?.value;
    }
    case "set": {
      const wanted = keyOf(key);
      return term.items.find((item) => keyOf(item) === wanted);
    }
    default:
      return undefined;
  }
}

/** Keys and what is below them, in order. */
export function membersOf(term: Term): readonly (readonly [Term, Term])[] {
  switch (term.kind) {
    case "array":
      return term.items.map((item, at) => [{ kind: "number", text: String(at), ...nowhere }, item] as const);
    case "object":
      return term.entries.map(({ key, value }) => [key, value] as const);
    case "set":
      return term.items.map((item) => [item, item] as const);
    default:
      return [];
  }
}

export function isFalse(term: Term): boolean {
  return term.kind === "boolean" && !term.value;
}

export type Comprehension = Extract<Term, { readonly kind: "arrayComprehension" | "setComprehension" | "objectComprehension" }>;

export function isComprehension(term: Term): term is Comprehension {
  return term.kind === "arrayComprehension" || term.kind === "setComprehension" || term.kind === "objectComprehension";
}

/** True for arrays, objects and sets. */
export function isComposite({ kind }: Term): boolean {
  return kind === "array" || kind === "object" || kind === "set";
}

/** True for terms that stand for what they are, but for their variables: no refs, calls or closures in them. */
export function isPattern(term: Term): boolean {
  return !contains(
    term,
    ({ kind }) => kind === "ref" || kind === "call" || kind === "templateString" || /Comprehension$/u.test(kind),
  );
}

export function exprWith(expr: Expr, body: Term): Expr {
  return { ...expr, body };
}

/** True where a node or something below it is a variable of this name. */
export function mentions(node: Node, name: string): boolean {
  return contains(node, (one) => one.kind === "var" && one.name === name);
}
