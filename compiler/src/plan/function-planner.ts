// The planner of one function or entrypoint, made of the subjects of planning, each a file of its own.
import type { Body, Call, Every, Expr, Range, Ref, Term } from "#grammars/rego/ast.ts";
import { planBody, planLiteral } from "./bodies.ts";
import { planCall, planCallStatement } from "./calls.ts";
import { planDocument } from "./documents.ts";
import { planEvery } from "./every.ts";
import { FunctionBuilder, type Next, type NextValue } from "./function-builder.ts";
import type { Operand } from "./ir.ts";
import type { InnerQuery } from "./marks.ts";
import { planPackageKeys } from "./package-keys.ts";
import type { FunctionPlanner, Package } from "./planner.ts";
import { planBaseDots, planDots, planRef } from "./refs.ts";
import { planTerm, planValues } from "./terms.ts";
import { isEvaluable, planMatch, planUnification } from "./unification.ts";
import { planWith } from "./with.ts";

/** Sends each subject to the file that plans it. */
export class SubjectPlanner extends FunctionBuilder implements FunctionPlanner {
  body(body: Body, next: Next): void {
    planBody(this, body, next);
  }

  query(of: InnerQuery, body: Body, next: Next): void {
    this.marked({ kind: "query", of, body }, () => this.body(body, () => this.marked({ kind: "end" }, next)));
  }

  literal(expr: Expr, next: Next): void {
    planLiteral(this, expr, next);
  }

  every(every: Every, next: Next): void {
    planEvery(this, every, next);
  }

  modified(expr: Expr, next: Next): void {
    planWith(this, expr, next);
  }

  term(term: Term, next: NextValue): void {
    planTerm(this, term, next);
  }

  values(
    terms: readonly (Term | undefined)[],
    done: readonly (Operand | undefined)[],
    next: (values: readonly (Operand | undefined)[]) => void,
  ): void {
    planValues(this, terms, done, next);
  }

  ref(ref: Ref, next: NextValue): void {
    planRef(this, ref, next);
  }

  dots(source: Operand, parts: readonly Term[], next: NextValue): void {
    planDots(this, source, parts, next);
  }

  baseDots(source: Operand, parts: readonly Term[], next: NextValue): void {
    planBaseDots(this, source, parts, next);
  }

  document(parts: readonly Term[], next: NextValue): void {
    planDocument(this, parts, next);
  }

  packageKeys(at: Package, parts: readonly Term[], next: NextValue): void {
    planPackageKeys(this, at, parts, next);
  }

  callStatement(call: Call, place: Range, next: Next): void {
    planCallStatement(this, call, place, next);
  }

  callValue(call: Call, args: readonly Term[], next: NextValue): void {
    planCall(this, call, args, next);
  }

  unify(a: Term, b: Term, next: Next): void {
    planUnification(this, a, b, next);
  }

  match(pattern: Term, value: Operand, next: Next): void {
    planMatch(this, pattern, value, next);
  }

  evaluable(term: Term): boolean {
    return isEvaluable(this, term);
  }
}
