// Binds refs and comprehensions inside of terms to variables before the expression that uses them.
import type { Body, Call, Expr, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import type { Compilation } from "../compilation.ts";
import type { LocalNames, ModuleUnit, RuleUnit } from "../rule-units.ts";
import { unification, varTerm } from "../tree/make.ts";
import { rewriteBody } from "../tree/map.ts";
import { isScalar } from "../tree/refs.ts";
import { isNamed } from "../tree/vars.ts";
import { isComprehension } from "../tree/walk.ts";

export function rewriteDynamicTerms(compilation: Compilation, _: ModuleUnit, rules: readonly RuleUnit[]): void {
  const hoister = new Hoister(compilation.names);
  for (const unit of rules) unit.body = hoister.body(unit.body);
}

/** The same for a query. */
export function dynamicsIn(names: LocalNames, body: Body): Body {
  return new Hoister(names).body(body);
}

class Hoister {
  readonly #names: LocalNames;

  constructor(names: LocalNames) {
    this.#names = names;
  }

  body(body: Body): Body {
    return rewriteBody(body, (expr, before) => this.#expr(expr, before));
  }

  #expr(expr: Expr, before: Expr[]): Expr {
    const body = this.#exprBody(expr, before);
    return body === expr.body ? expr : { ...expr, body };
  }

  #exprBody(expr: Expr, result: Expr[]): Expr["body"] {
    const { body } = expr;
    switch (body.kind) {
      case "call":
        return this.#call(expr, body, result);
      case "some":
        return body;
      case "every": {
        const domain = this.#one(expr, body.domain, result);
        return { ...body, domain, body: this.body(body.body) };
      }
      case "notBody":
        return { ...body, body: this.body(body.body) };
      case "logical":
        return { ...body, left: this.body(body.left), right: this.body(body.right) };
      default:
        return this.#top(expr, body, result);
    }
  }

  #call(expr: Expr, call: Call, result: Expr[]): Call {
    const isUnification = isNamed(call.operator, "eq");
    if (isUnification && call.args.length !== 2) return call;
    let args: Term[] | undefined;
    for (let i = 0; i < call.args.length; i++) {
      const arg = call.args[i]!;
      const mapped = isUnification ? this.#top(expr, arg, result) : this.#one(expr, arg, result);
      if (mapped === arg) continue;
      args ??= call.args.slice();
      args[i] = mapped;
    }
    return args === undefined ? call : { ...call, args };
  }

  /** A side of a unification may stay a ref or a comprehension; what is inside of it moves out. */
  #top(expr: Expr, term: Term, result: Expr[]): Term {
    if (term.kind === "ref") {
      let parts: Term[] | undefined;
      for (let i = 1; i < term.parts.length; i++) {
        const part = term.parts[i]!;
        const mapped = this.#one(expr, part, result);
        if (mapped === part) continue;
        parts ??= term.parts.slice();
        parts[i] = mapped;
      }
      return parts === undefined ? term : { ...term, parts };
    }
    if (isComprehension(term)) return { ...term, body: this.body(term.body) };
    return this.#one(expr, term, result);
  }

  #one(expr: Expr, term: Term, result: Expr[]): Term {
    if (isFlat(term)) return term;
    switch (term.kind) {
      case "ref":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        const inner = this.#top(expr, term, result);
        const local = varTerm(this.#names.fresh(), term);
        result.push(unification(local, inner, { with: expr.with }));
        this.#names.subjects.set(local.name, inner);
        return local;
      }
      case "array":
        return term.items.every(isFlat) ? term : { ...term, items: term.items.map((item) => this.#one(expr, item, result)) };
      // In the order of the members and keys, whatever order they are written in.
      case "set":
        if (term.items.every(isFlat)) return term;
        return { ...term, items: [...term.items].sort(compareTerms).map((item) => this.#one(expr, item, result)) };
      case "object":
        if (term.entries.every(({ key, value }) => isFlat(key) && isFlat(value))) return term;
        return {
          ...term,
          entries: [...term.entries]
            .sort((a, b) => compareTerms(a.key, b.key))
            .map(({ key, value }) => ({ key: this.#one(expr, key, result), value: this.#one(expr, value, result) })),
        };
      default:
        return term;
    }
  }
}

function isFlat(term: Term): boolean {
  return isScalar(term) || term.kind === "var";
}
