// What of a written expression one expression of OPA's compiled module tells of: with the others that were made of the same part.

import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Expr, Range, Term } from "#grammars/rego/ast.ts";

/**
 * The part of a written expression that belongs together around a place. The arguments of a call belong to it; calls in the value of a
 * `with` or in a term that is an expression stand for themselves, as does what `every` goes through.
 */
export function partAround(written: Expr, place: Range): Range {
  const value = written.with.find((modifier) => isAround(modifier.value, place))?.value;
  if (value !== undefined) return callAround(value, place) ?? value;
  const { body } = written;
  switch (body.kind) {
    case "call":
    case "some":
    case "notBody":
    case "logical":
      return written;
    case "every":
      return isAround(body.domain, place) ? body.domain : written;
    default:
      return callAround(body, place) ?? written;
  }
}

function isAround({ start, end }: Range, place: Range): boolean {
  return start <= place.start && place.end <= end;
}

function callAround(term: Term, place: Range): Range | undefined {
  let found: Range | undefined;
  walk(term, (node: Node) => {
    if (!isAround(node, place)) return true;
    if (node.kind === "call") found = node;
    return undefined;
  });
  return found;
}
