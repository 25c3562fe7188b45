// What is known about the types of documents and variables.
import type { Term } from "#grammars/rego/ast.ts";
import type { Maybe } from "./type.ts";

export interface TypeEnvironment {
  /** The type of a rewritten term: a ref of a rule or of `input`, a constant. */
  typeOf(term: Term): Maybe;
}
