// Erases `print`, or turns it into `internal.print` with every argument in a set, so that undefined ones do no harm.
import type { Body, Call, Expr, Term } from "#grammars/rego/ast.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf } from "../functions.ts";
import { isGenerated, type ModuleUnit, type RuleUnit } from "../rule-units.ts";
import { outputsOfBody } from "../safety/outputs.ts";
import { callTerm, exprOf, setComprehension, trueTerm, unification, varTerm } from "../tree/make.ts";
import { everyBody, type Mapper, mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { calls, callText, safetyPlaces, varsOf, varsOfAll, varsOfBody } from "../tree/vars.ts";
import { contains, isComprehension, type Node } from "../tree/walk.ts";

const isPrint = (expr: Expr): boolean => calls(expr, "print");
const holdsPrint = (node: Node): boolean => node.kind === "expr" && isPrint(node);

const printText = callText(["print"]);

/** False for texts that hold no call of `print`. */
export const mayPrint = (text: string): boolean => printText.test(text);

export function rewritePrintCalls(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  if (!mayPrint(module.text)) return;
  for (const unit of rules) {
    const { head, body } = unit;
    const terms = [...(head.key ? [head.key] : []), ...(head.value ? [head.value] : [])];
    const inHead = terms.some((term) => contains(term, holdsPrint));
    if (!inHead && !body.some((expr) => contains(expr, holdsPrint))) continue;
    const safe = new Set(["input", "data", ...varsOfAll(head.args ?? []).keys()]);
    const mapper: Mapper = {
      term: (term) => mapTerm(term, mapper),
      body: (inner) => printsIn(compilation, module, inner, safe),
    };
    if (inHead) {
      unit.head = {
        ...head,
        key: head.key === undefined ? undefined : mapper.term(head.key),
        value: head.value === undefined ? undefined : mapper.term(head.value),
      };
    }
    unit.body = printsIn(compilation, module, body, safe);
  }
}

/** The body without prints, or with prints as calls of `internal.print`. */
export function printsIn(compilation: Compilation, module: ModuleUnit, body: Body, safe: ReadonlySet<string>): Body {
  if (!body.some((expr) => contains(expr, holdsPrint))) return body;
  return compilation.printing ? new PrintRewriter(compilation, module, safe).whole(body) : erase(body);
}

function erase(body: Body): Body {
  return everyBodyOnce(body, (inner) => {
    const rest = inner.filter((expr) => !isPrint(expr));
    const first = inner[0];
    return rest.length === inner.length
      ? inner
      : rest.length > 0 || first === undefined
        ? rest
        : [exprOf(trueTerm(first), first)];
  });
}

function everyBodyOnce(body: Body, map: (body: Body) => Body): Body {
  return everyBody(map).body(body);
}

class PrintRewriter {
  readonly #compilation: Compilation;
  readonly #module: ModuleUnit;
  readonly #safe: ReadonlySet<string>;
  #failed = false;

  constructor(compilation: Compilation, module: ModuleUnit, safe: ReadonlySet<string>) {
    this.#compilation = compilation;
    this.#module = module;
    this.#safe = safe;
  }

  /** As in OPA, bodies in the heads of comprehensions and in the domain of `every` come last, and know nothing of what is around them. */
  whole(body: Body): Body {
    this.#failed = false;
    const rewritten = this.#body(body, this.#safe);
    if (this.#failed) return rewritten;
    const mapper: Mapper = { term: (term) => mapTerm(term, mapper), body: (inner) => this.whole(inner) };
    return mapAll(rewritten, (expr) => (contains(expr, holdsPrint) ? mapExpr(expr, mapper) : expr));
  }

  /** The bodies inside first. Nothing is rewritten, and no more found, after the first expression that is wrong. */
  #body(written: Body, safe: ReadonlySet<string>): Body {
    let body = written;
    const put = (i: number, expr: Expr): void => {
      if (expr !== body[i]) body = body.with(i, expr);
    };
    for (let i = 0; i < body.length && !this.#failed; i++) {
      const expr = body[i]!;
      if (contains(expr, (node) => node !== expr && holdsPrint(node))) put(i, this.#inside(expr, this.#before(body, i, safe)));
    }
    for (let i = 0; i < body.length && !this.#failed; i++) {
      const expr = body[i]!;
      if (isPrint(expr) && expr.body.kind === "call")
        put(i, this.#print(expr, expr.body, this.#before(body, i, safe), body.slice(0, i)));
    }
    return this.#failed ? written : body;
  }

  #before(body: Body, i: number, safe: ReadonlySet<string>): Set<string> {
    const known = outputsOfBody(body.slice(0, i), arityOf(this.#compilation), safe);
    for (const name of safe) known.add(name);
    return known;
  }

  #inside(expr: Expr, known: Set<string>): Expr {
    const mapper: Mapper = {
      term: (term) => (isComprehension(term) ? { ...term, body: this.#body(term.body, known) } : mapTerm(term, mapper)),
      body: (inner) => this.#body(inner, known),
    };
    const every = expr.body;
    if (every.kind !== "every") return mapExpr(expr, mapper);
    if (every.key !== undefined) known.add(every.key.name);
    known.add(every.value.name);
    const body = this.#body(every.body, known);
    const modifiers = mapAll(expr.with, (modifier) => ({ ...modifier, value: mapper.term(modifier.value) }));
    return { ...expr, body: { ...every, body }, with: modifiers };
  }

  #print(expr: Expr, call: Call, known: Set<string>, earlier: Body): Expr {
    for (const name of varsOfBody(earlier).keys()) if (isGenerated(name)) known.add(name);
    const { names } = this.#compilation;
    for (const arg of call.args) {
      for (const name of [...varsOf(arg, safetyPlaces).keys()].filter((one) => !known.has(one)).sort()) {
        const message = `var ${printVar(names.written.get(name) ?? name)} is undeclared`;
        fail(this.#compilation, { module: this.#module, range: arg, code: "rego_compile_error", message });
        this.#failed = true;
      }
    }
    if (this.#failed) return expr;
    const sets = call.args.map((arg): Term => {
      const local = varTerm(names.fresh(), arg);
      return setComprehension(local, [unification(local, arg, { generated: false })], arg);
    });
    const { start, end } = expr;
    return exprOf(callTerm("internal.print", [{ kind: "array", items: sets, start, end }], expr), expr);
  }
}
