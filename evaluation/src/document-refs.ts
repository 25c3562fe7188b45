// Refs to documents as text: those of paths, and those that a part of a policy names.
import { isConstant } from "#analysis/rego/tree/refs.ts";
import { type Node, walk } from "#analysis/rego/tree/walk.ts";
import type { Ref, Term } from "#grammars/rego/ast.ts";
import { printRef } from "#grammars/rego/print-terms.ts";
import { readRegoText } from "./rego-text.ts";

const nowhere = { start: 0, end: 0 };
export const dataVar: Term = { kind: "var", ...nowhere, name: "data" };

export function pathTerm(step: string): Term {
  return step.startsWith("\u0000")
    ? { kind: "number", ...nowhere, text: step.slice(1) }
    : { kind: "string", ...nowhere, value: step };
}

/** The document at a path below `data`, and at keys of it that are written as Rego. */
export function documentText(path: readonly string[], keys: Iterable<string> = []): string {
  return printRef([dataVar, ...path.map(pathTerm), ...[...keys].map(keyTerm)]);
}

/** Any value prints as a number does: as its text. */
function keyTerm(text: string): Term {
  const value = readRegoText(text);
  return typeof value === "string" ? { kind: "string", ...nowhere, value } : { kind: "number", ...nowhere, text };
}

/** The refs below `data` in a node, up to the first key that is not constant, and where they stand. */
export function documentsIn(node: Node): ReadonlyMap<string, Ref> {
  const found = new Map<string, Ref>();
  walk(node, (one) => {
    if (one.kind !== "ref" || one.parts[0]?.kind !== "var" || one.parts[0].name !== "data") return undefined;
    const end = one.parts.findIndex((part, at) => at > 0 && !isConstant(part));
    const text = printRef(end < 0 ? one.parts : one.parts.slice(0, end));
    if (!found.has(text)) found.set(text, one);
    return undefined;
  });
  return found;
}
