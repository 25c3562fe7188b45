// Names of variables that belong to one use of a rule.
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";

/** Stands between a name and the number of the use; no name that is written has it. */
const joint = "\u0001";

export function nameIn(name: string, use: number): string {
  const [written] = name.split(joint);
  return use === 0 ? name : `${written}${joint}${use}`;
}

/** True for the variables of the query itself. */
export function isOfQuery(name: string): boolean {
  return !name.includes(joint);
}

/** A name as OPA shows it. */
export function shownName(name: string): string {
  return name.replaceAll(joint, "");
}

/** True for a ref that is no document: other values that have to be evaluated are variables by now. */
export function isFunctionName(value: Term): boolean {
  const head = value.kind === "ref" ? value.parts[0] : undefined;
  return head?.kind === "var" && !isRootName(head.name);
}

export class Instance {
  readonly use: number;
  readonly #mapper: Mapper;

  constructor(use: number) {
    this.use = use;
    this.#mapper = {
      term: (term) => this.term(term),
      body: (body) => mapAll(body, (expr) => this.expr(expr)),
    };
  }

  term(term: Term): Term {
    switch (term.kind) {
      case "var":
        return isRootName(term.name) ? term : { ...term, name: nameIn(term.name, this.use) };
      case "call": {
        const args = mapAll(term.args, this.#mapper.term);
        // Names of functions are no variables.
        return args === term.args ? term : { ...term, args };
      }
      default:
        return mapTerm(term, this.#mapper);
    }
  }

  expr(expr: Expr): Expr {
    const mapped = this.#withTargets(expr, mapExpr(expr, this.#mapper));
    if (expr.body.kind !== "every") return mapped;
    const { key, value } = expr.body;
    if (mapped.body.kind !== "every") return mapped;
    const named = <T extends Term>(one: T): T => this.term(one) as T;
    return { ...mapped, body: { ...mapped.body, value: named(value), key: key === undefined ? undefined : named(key) } };
  }

  /** What is replaced keeps its name: it may be a function, and what replaces it too. */
  #withTargets(expr: Expr, mapped: Expr): Expr {
    if (expr.with.length === 0) return mapped;
    return {
      ...mapped,
      with: mapped.with.map((one, at) => {
        const { target, value } = expr.with[at]!;
        return { ...one, target, value: isFunctionName(value) ? value : one.value };
      }),
    };
  }

  body(body: Body): Body {
    return mapAll(body, (expr) => this.expr(expr));
  }
}
