// What the subjects of planning see of a function's planner, and how they reach one another.
// One continuation per step: what comes after a binding is planned inside it.
import type { Body, Call, Every, Expr, Range, Ref, Term } from "#grammars/rego/ast.ts";
import type { FunctionBuilder, Next, NextValue } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { InnerQuery } from "./marks.ts";
import type { TrieNode } from "./rule-trie.ts";

/** A package, or a part of its path: documents of rules lie below it. */
export interface Package {
  readonly node: TrieNode;
  readonly path: readonly string[];
}

export interface FunctionPlanner extends FunctionBuilder {
  body(body: Body, next: Next): void;
  /** A body that is a query of its own: one inside an expression, or that of the whole query. */
  query(of: InnerQuery, body: Body, next: Next): void;
  literal(expr: Expr, next: Next): void;
  every(every: Every, next: Next): void;
  /** An expression with `with`. */
  modified(expr: Expr, next: Next): void;
  term(term: Term, next: NextValue): void;
  /** The values of `terms` behind those that are `done`. */
  values(
    terms: readonly (Term | undefined)[],
    done: readonly (Operand | undefined)[],
    next: (values: readonly (Operand | undefined)[]) => void,
  ): void;
  ref(ref: Ref, next: NextValue): void;
  dots(source: Operand, parts: readonly Term[], next: NextValue): void;
  baseDots(source: Operand, parts: readonly Term[], next: NextValue): void;
  document(parts: readonly Term[], next: NextValue): void;
  packageKeys(at: Package, parts: readonly Term[], next: NextValue): void;
  callStatement(call: Call, place: Range, next: Next): void;
  callValue(call: Call, args: readonly Term[], next: NextValue): void;
  unify(a: Term, b: Term, next: Next): void;
  match(pattern: Term, value: Operand, next: Next): void;
  /** True for a term whose value does not bind anything. */
  evaluable(term: Term): boolean;
}
