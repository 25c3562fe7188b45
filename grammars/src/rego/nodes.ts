// Small makers and names of syntax nodes that several parsing files share.
import type { Body, Call, Expr, Range, Ref, Term, Var, With } from "./ast.ts";
import { tokenName } from "./scanner.ts";

/** Most expressions have none: all of them share this list. */
export const noModifiers: readonly With[] = [];

/** A node's range, and nothing else of it. */
export function rangeOf(start: number, end: number): Range {
  return { start, end };
}

/** The call of an infix operator that stands at `place`. Made often, so that its fields are written out. */
export function infixCall(operator: string, place: Range, args: readonly Term[], from: number, to: number): Call {
  const { start, end } = place;
  const parts: Term[] =
    operator === "in"
      ? [
          { kind: "var", name: "internal", start, end },
          { kind: "string", value: args.length === 2 ? "member_2" : "member_3", start, end },
        ]
      : [{ kind: "var", name: tokenName(operator), start, end }];
  return { kind: "call", start: from, end: to, operator: { kind: "ref", parts, start, end }, args, infix: operator };
}

/**
 * The first operand of an infix call when it is one itself: `a + b` in `a + b + c`. A row of operands may be longer than the stack is
 * deep, so who walks a tree goes from one to the next in a loop.
 */
export function rowBefore(node: Expr | Expr["body"]): Call | undefined {
  if (node.kind !== "call" || node.infix === undefined) return undefined;
  const first = node.args[0];
  return first?.kind === "call" && first.infix !== undefined ? first : undefined;
}

/** The operands of a row, from left to right; the arguments of any other call. */
export function operandsOf(call: Call): readonly Term[] {
  const tails: (readonly Term[])[] = [];
  let at = call;
  for (let before = rowBefore(at); before !== undefined; before = rowBefore(at)) {
    tails.push(at.args.slice(1));
    at = before;
  }
  return tails.length === 0 ? at.args : [...at.args, ...tails.reverse().flat()];
}

/** The dotted name of a call's function, if it is one. */
export function calledFunction(term: Term): string | undefined {
  if (term.kind !== "call") return undefined;
  const [head] = term.operator.parts;
  if (term.operator.parts.length === 1 && head?.kind === "var") return head.name;
  return term.operator.parts
    .map((part) => (part.kind === "var" ? part.name : part.kind === "string" ? part.value : "[]"))
    .join(".");
}

/** What OPA calls a term in messages. */
export function valueName(term: Term): string {
  if (term.kind === "var" && isRoot(term)) return "ref";
  return term.kind.toLowerCase();
}

/** The names of the documents that a policy reads. */
export const rootNames: ReadonlySet<string> = new Set(["input", "data"]);

export function isRootName(name: string): boolean {
  return name === "input" || name === "data";
}

/** True for `input` and `data`, which OPA reads as refs. */
export function isRoot(term: Term): boolean {
  return term.kind === "var" && isRootName(term.name);
}

/** The parts of a ref, or the variable alone. */
export function partsOf(term: Ref | Var): readonly Term[] {
  return term.kind === "ref" ? term.parts : [term];
}

/** OPA's "ground" of a tree as parsed: no variable, template string, `some` or `every`; refs are by their parts, whatever their head. */
export function isGround(term: Term): boolean {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "array":
    case "set":
      return term.items.every(isGround);
    case "object":
      return term.entries.every(({ key, value }) => isGround(key) && isGround(value));
    case "ref":
      return term.parts.slice(1).every(isGround);
    case "call":
      return term.args.every(isGround);
    case "arrayComprehension":
    case "setComprehension":
      return isGround(term.term) && isGroundBody(term.body);
    case "objectComprehension":
      return isGround(term.key) && isGround(term.value) && isGroundBody(term.body);
    case "var":
      return isRoot(term);
    case "templateString":
      return false;
  }
}

function isGroundBody(exprs: Body): boolean {
  return exprs.every(({ body }) => {
    if (body.kind === "notBody") return isGroundBody(body.body);
    if (body.kind === "logical") return isGroundBody(body.left) && isGroundBody(body.right);
    return body.kind !== "some" && body.kind !== "every" && isGround(body);
  });
}

/** True for what may have several values in a bracket of a head. */
export function isRuleKey(term: Term): boolean {
  return term.kind === "ref" || isRoot(term) || !isGround(term);
}

/** Where the first token of a term begins. */
export function outerStart(term: Term): number {
  for (let at = term; ; ) {
    if (at.grouped !== undefined) return at.grouped.start;
    const next = leftmost(at);
    if (next === undefined) return at.start;
    at = next;
  }
}

/** The part of a term that it begins with; undefined for one that begins with itself. */
export function leftmost(term: Term): Term | undefined {
  if (term.kind === "ref") return term.parts[0];
  if (term.kind !== "call") return undefined;
  return term.infix === undefined ? term.operator.parts[0] : term.args[0];
}
