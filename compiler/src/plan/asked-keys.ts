// What a ref gives of the keys of partial rules: each wholly, in part (`o[[a, 2]]`), or not at all. Keys in part are shapes, which
// the rules' own keys are unified with before their bodies run, as in OPA's interpreter.
import type { Term } from "#grammars/rego/ast.ts";
import { printTerm } from "#grammars/rego/print-terms.ts";
import type { Local } from "./ir.ts";

/** A key that a ref gives in part. */
export interface KeyShape {
  /** Arrays and objects, with variables for what the ref gives and for what it leaves open; one that stands twice is one value. */
  readonly term: Term;
  /** The variables that the ref gives values, each a parameter. */
  readonly given: readonly string[];
}

export type AskedKey = "given" | "open" | KeyShape;

/** For each key behind the rule's node what the ref gives of it; empty for the whole document. */
export type AskedKeys = readonly AskedKey[];

/** An asked key with the parameters that have its values. */
export interface KeyParameters {
  readonly key: AskedKey;
  readonly locals: readonly Local[];
}

export function parameterCount(key: AskedKey): number {
  if (key === "open") return 0;
  return key === "given" ? 1 : key.given.length;
}

/** The keys at the beginning that are given wholly. */
export function leadingKeys(asked: AskedKeys): AskedKeys {
  const end = asked.findIndex((key) => key !== "given");
  return end < 0 ? asked : asked.slice(0, end);
}

/** Told apart from the text of other keys of the same rules. */
export function askedText(asked: AskedKeys): string {
  return asked.map((key) => (key === "given" ? "k" : key === "open" ? "_" : shapeText(key.term))).join("");
}

function shapeText(term: Term): string {
  if (term.kind === "var") return term.name;
  if (term.kind === "array") return `[${term.items.map(shapeText).join()}]`;
  if (term.kind !== "object") return printTerm(term);
  return `{${term.entries.map(({ key, value }) => `${printTerm(key)}:${shapeText(value)}`).join()}}`;
}
