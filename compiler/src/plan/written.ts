// A member of a set, or a key of an object with its value, as a body writes it out.
import type { Term } from "#grammars/rego/ast.ts";
import type { Operand } from "./ir.ts";

export interface Written {
  readonly term: Term;
  readonly key: Operand;
  readonly value: Operand | undefined;
}
