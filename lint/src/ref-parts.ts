// Comparing refs part by part.
import type { Ref, Term, Var } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import { normalNumber } from "#grammars/rego/numbers.ts";
import type { LintFile } from "./lint-file.ts";
import { isRef } from "./terms.ts";

/** True when a ref begins with another one, `input.user.name` with `input.user`. Wildcards and parts with parts equal no other. */
export function beginsWith(whole: Ref | Var, start: Ref | Var): boolean {
  const [parts, first] = [partsOf(whole), partsOf(start)];
  return first.length <= parts.length && first.every((part, at) => equalParts(part, parts[at]!));
}

/** True when both are the same ref. */
export function equalRefs(a: Term, b: Term): boolean {
  return isRef(a) && isRef(b) && partsOf(a).length === partsOf(b).length && beginsWith(a, b);
}

function equalParts(a: Term, b: Term): boolean {
  switch (a.kind) {
    case "string":
    case "boolean":
      return b.kind === a.kind && b.value === a.value;
    case "number":
      return b.kind === "number" && normalNumber(b.text) === normalNumber(a.text);
    case "var":
      return b.kind === "var" && b.name === a.name;
    case "null":
      return b.kind === "null";
    default:
      return false;
  }
}

/** From the first part of a ref to the last, without the bracket behind it. */
export function partsRange(ref: Ref | Var): { readonly start: number; readonly end: number } {
  const parts = partsOf(ref);
  return { start: parts[0]!.start, end: parts.at(-1)!.end };
}

/** True for the ref of a rule's head. */
export function isHeadReference(file: LintFile, ref: Ref): boolean {
  return file.parent(ref) === undefined && file.branchOf(ref).head.reference === ref;
}
