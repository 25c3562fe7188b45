// Takes nested calls out of terms: `f(g(x))` becomes `g(x, y)` and `f(y)`.
import type { Body, Call, Expr, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { rowBefore } from "#grammars/rego/nodes.ts";
import type { Compilation } from "../compilation.ts";
import type { LocalNames, ModuleUnit, RuleUnit } from "../rule-units.ts";
import { CALL, COMPREHENSION, holds, INDIRECT } from "../tree/features.ts";
import { appendTo, exprOf, unification, varTerm } from "../tree/make.ts";
import { mapAll, rewriteBody } from "../tree/map.ts";
import { operatorName } from "../tree/vars.ts";
import { isComprehension } from "../tree/walk.ts";

export function rewriteExprTerms(compilation: Compilation, _: ModuleUnit, rules: readonly RuleUnit[]): void {
  const expander = new Expander(compilation.names);
  for (const unit of rules) {
    const { head } = unit;
    const add = (term: Term): Term => {
      const support: Expr[] = [];
      const output = expander.term(term, support);
      unit.body = appendTo(unit.body, support);
      return output;
    };
    const args = head.args === undefined ? undefined : mapAll(head.args, add);
    const key = head.key === undefined ? undefined : add(head.key);
    const value = head.value === undefined ? undefined : add(head.value);
    if (args !== head.args || key !== head.key || value !== head.value) unit.head = { ...head, args, key, value };
    unit.body = expander.body(unit.body);
  }
}

/** The same for a query. */
export function expandBody(names: LocalNames, body: Body): Body {
  return new Expander(names).body(body);
}

class Expander {
  readonly #names: LocalNames;

  constructor(names: LocalNames) {
    this.#names = names;
  }

  body(body: Body): Body {
    return rewriteBody(body, (expr, before) => this.#expr(expr, before));
  }

  /** What it becomes; what has to come before it goes into `before`. */
  #expr(expr: Expr, before: Expr[]): Expr {
    const modifiers = expr.with.length === 0 ? expr.with : this.#modifiers(expr.with, before);
    const { body } = expr;
    const extras = modifiers.length === 0 ? before : [];
    let rewritten: Expr["body"];
    switch (body.kind) {
      case "call":
        // What a template string became is a term to OPA, also where it is the whole expression.
        rewritten = isTemplate(body) ? this.term(body, extras) : this.#withArgs(body, extras);
        break;
      case "some":
        rewritten = body;
        break;
      case "every": {
        const domain = varTerm(this.#names.fresh(), body.domain);
        const bound = this.#expr(unification(domain, body.domain, { with: modifiers }), before);
        before.push(bound);
        rewritten = { ...body, domain, body: this.body(body.body) };
        break;
      }
      case "notBody":
        rewritten = { ...body, body: this.body(body.body) };
        break;
      case "logical":
        rewritten = { ...body, left: this.body(body.left), right: this.body(body.right) };
        break;
      default:
        rewritten = this.term(body, extras);
    }
    if (extras !== before) for (const extra of extras) before.push({ ...extra, with: modifiers });
    return rewritten === body && modifiers === expr.with ? expr : { ...expr, body: rewritten, with: modifiers };
  }

  #modifiers(modifiers: Expr["with"], before: Expr[]): Expr["with"] {
    return mapAll(modifiers, (modifier) => {
      const value = this.term(modifier.value, before);
      return value === modifier.value ? modifier : { ...modifier, value };
    });
  }

  #withArgs(call: Call, support: Expr[]): Call {
    const args = this.#args(call.args, undefined, support);
    return args === call.args ? call : { ...call, args };
  }

  /** The arguments without calls, `first` in the place of the first one. */
  #args(args: readonly Term[], first: Term | undefined, support: Expr[]): readonly Term[] {
    let changed: Term[] | undefined;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const output = i === 0 && first !== undefined ? first : this.term(arg, support);
      if (output === arg) continue;
      changed ??= args.slice();
      changed[i] = output;
    }
    return changed ?? args;
  }

  /** The term without calls; what computes them goes into `support`, in order: that of the values in sets and objects. */
  term(term: Term, support: Expr[]): Term {
    if (term.kind === "call") return this.#call(term, support);
    if (!holds(term, CALL | COMPREHENSION | INDIRECT)) return term;
    switch (term.kind) {
      case "ref":
        return this.#ref(term.parts, term, support);
      case "array":
        return { ...term, items: term.items.map((item) => this.term(item, support)) };
      case "set":
        return { ...term, items: [...term.items].sort(compareTerms).map((item) => this.term(item, support)) };
      case "object":
        return {
          ...term,
          entries: [...term.entries]
            .sort((a, b) => compareTerms(a.key, b.key))
            .map(({ key, value }) => ({ key: this.term(key, support), value: this.term(value, support) })),
        };
      case "arrayComprehension":
      case "setComprehension": {
        const inner: Expr[] = [];
        const head = this.term(term.term, inner);
        return { ...term, term: head, body: this.body(appendTo(term.body, inner)) };
      }
      case "objectComprehension": {
        const inner: Expr[] = [];
        const key = this.term(term.key, inner);
        const value = this.term(term.value, inner);
        return { ...term, key, value, body: this.body(appendTo(term.body, inner)) };
      }
      default:
        return term;
    }
  }

  /** Operands in a row: the innermost call comes first. */
  #call(call: Call, support: Expr[]): Term {
    const row = [call];
    for (let at = rowBefore(call); at !== undefined; at = rowBefore(at)) row.push(at);
    let first: Term | undefined;
    for (let i = row.length - 1; ; i--) {
      const at = row[i]!;
      const args = this.#args(at.args, first, support);
      const output = varTerm(this.#names.fresh(), at);
      support.push(exprOf({ ...at, args: args.concat(output) }, at, { generated: true }));
      if (i === 0) return output;
      first = output;
    }
  }

  #ref(parts: readonly Term[], term: Extract<Term, { kind: "ref" }>, support: Expr[]): Term {
    const rewritten = parts.map((part) => {
      if (part.kind === "string" || part.kind === "var") return part;
      const output = this.term(part, support);
      if (part.kind === "call" && output.kind === "var") this.#names.subjects.set(output.name, part);
      return output;
    });
    const head = rewritten[0]!;
    if (head.kind === "array" || head.kind === "object" || head.kind === "set" || isComprehension(head)) {
      const local = varTerm(this.#names.fresh(), head);
      support.push(unification(local, head));
      this.#names.subjects.set(local.name, head);
      rewritten[0] = local;
    }
    return { ...term, parts: rewritten };
  }
}

function isTemplate({ operator, args }: Call): boolean {
  return args.length === 1 && operator.parts.length === 2 && operatorName(operator.parts) === "internal.template_string";
}
