// Questions about refs and constants.
import type { Expr, Head, Ref, Term, Var } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";

/** True for values that hold no variable, ref, call or comprehension. */
export function isConstant(term: Term): boolean {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return true;
    case "array":
    case "set":
      return term.items.every(isConstant);
    case "object":
      return term.entries.every(({ key, value }) => isConstant(key) && isConstant(value));
    default:
      return false;
  }
}

/** True for terms without variables of their own, also in calls and comprehensions; the heads of refs do not count. */
export function isClosed(term: Term): boolean {
  switch (term.kind) {
    case "var":
    case "templateString":
      return false;
    case "ref":
      return term.parts.every((part, at) => at === 0 || isClosed(part));
    case "call":
      return term.args.every(isClosed);
    case "array":
    case "set":
      return term.items.every(isClosed);
    case "object":
      return term.entries.every(({ key, value }) => isClosed(key) && isClosed(value));
    case "arrayComprehension":
    case "setComprehension":
      return isClosed(term.term) && term.body.every(isClosedExpr);
    case "objectComprehension":
      return isClosed(term.key) && isClosed(term.value) && term.body.every(isClosedExpr);
    default:
      return true;
  }
}

function isClosedExpr({ body }: Expr): boolean {
  switch (body.kind) {
    case "some":
    case "every":
      return true;
    case "notBody":
      return body.body.every(isClosedExpr);
    case "logical":
      return [...body.left, ...body.right].every(isClosedExpr);
    default:
      return isClosed(body);
  }
}

/** True for null, booleans, numbers and strings. */
export function isScalar(term: Term): boolean {
  return term.kind === "null" || term.kind === "boolean" || term.kind === "number" || term.kind === "string";
}

/** The parts before the first one that is not constant; the head always counts. */
export function groundPrefix(parts: readonly Term[]): readonly Term[] {
  const end = parts.findIndex((part, i) => i > 0 && !isConstant(part));
  return end < 0 ? parts : parts.slice(0, end);
}

/** True when every part after the head is constant. */
export function isGroundRef(parts: readonly Term[]): boolean {
  return parts.every((part, i) => i === 0 || isConstant(part));
}

/** The parts of a rule head's ref, its name first. */
export function headParts(head: Head): readonly Term[] {
  return head.reference.kind === "ref" ? head.reference.parts : [head.reference];
}

/** The name of a rule: the first part of its head's ref. */
export function headName(head: Head): string {
  const first = headParts(head)[0];
  return first?.kind === "var" ? first.name : first?.kind === "string" ? first.value : "";
}

/** The root's name when the term is `input`, `data` or a ref below one of them. */
export function rootOf(term: Term): string | undefined {
  const first: Term | undefined = term.kind === "ref" ? term.parts[0] : term;
  return first?.kind === "var" && isRootName(first.name) ? first.name : undefined;
}

/** True for a ref that is `input` or `data` alone. */
export function isRootDocument(term: Term): term is Ref {
  return term.kind === "ref" && term.parts.length === 1 && rootOf(term) !== undefined;
}

/** The variable at the head of a ref, if it is one. */
export function headVar(ref: Ref): Var | undefined {
  const first = ref.parts[0];
  return first?.kind === "var" ? first : undefined;
}
