// Builds the nodes that rewriting adds. Each takes the range of what it came from.

import type { Body, Call, Expr, Range, Ref, SetComprehension, StringTerm, Term, Var } from "#grammars/rego/ast.ts";
import { noModifiers } from "#grammars/rego/nodes.ts";

export function varTerm(name: string, at: Range): Var {
  return { kind: "var", name, start: at.start, end: at.end };
}

export function stringTerm(value: string, at: Range): StringTerm {
  return { kind: "string", value, start: at.start, end: at.end };
}

export function trueTerm(at: Range): Term {
  return { kind: "boolean", value: true, start: at.start, end: at.end };
}

export function refTerm(parts: readonly Term[], at: Range): Ref {
  return { kind: "ref", parts, start: at.start, end: at.end };
}

/** The operator of a builtin by its dotted name. */
export function operatorRef(name: string, at: Range): Ref {
  if (!name.includes(".")) return refTerm([varTerm(name, at)], at);
  const [first, ...rest] = name.split(".");
  return refTerm([varTerm(first!, at), ...rest.map((part) => stringTerm(part, at))], at);
}

export function callTerm(name: string, args: readonly Term[], at: Range): Call {
  return { kind: "call", operator: operatorRef(name, at), args, start: at.start, end: at.end };
}

type Made = Pick<Expr, "generated"> & Partial<Pick<Expr, "with">>;

/** Made often, so that its fields are written out. */
export function exprOf(body: Expr["body"], { start, end }: Range, made?: Made): Expr {
  const modifiers = made?.with ?? noModifiers;
  if (made?.generated === undefined) return { kind: "expr", negated: false, body, with: modifiers, start, end };
  return { kind: "expr", negated: false, body, with: modifiers, start, end, generated: made.generated };
}

/** `left = right`, made by a stage. */
export function unification(left: Term, right: Term, made: Made = {}): Expr {
  const { with: modifiers = noModifiers, generated = true } = made;
  return exprOf(callTerm("eq", [left, right], right), right, { with: modifiers, generated });
}

/** `{term | body}` */
export function setComprehension(term: Term, body: Body, at: Range): SetComprehension {
  return { kind: "setComprehension", term, body, start: at.start, end: at.end };
}

/** True for the body that stands for none: `true` alone. */
export function isEmptyBody(body: Body): boolean {
  const only = body[0]?.body;
  return body.length === 1 && only?.kind === "boolean" && only.value;
}

/** The body with more expressions; a body that is just `true` gives way to them. */
export function appendTo(body: Body, more: readonly Expr[]): Body {
  if (more.length === 0) return body;
  return isEmptyBody(body) ? more : [...body, ...more];
}
