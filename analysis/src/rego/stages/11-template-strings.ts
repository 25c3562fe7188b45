// Turns template strings into calls of `internal.template_string`; each hole is a set, empty when the hole is undefined.
import type { Body, Expr, Head, SetTerm, TemplateString, Term } from "#grammars/rego/ast.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf } from "../functions.ts";
import { type ModuleUnit, openRules, type RuleUnit } from "../rule-units.ts";
import { outputsOfBody } from "../safety/outputs.ts";
import { featuresOfBody, holds, TEMPLATE } from "../tree/features.ts";
import { callTerm, isEmptyBody, setComprehension, unification, varTerm } from "../tree/make.ts";
import { mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { isClosed, isScalar, rootOf } from "../tree/refs.ts";
import { calledName, safetyPlaces, varsOf, varsOfAll } from "../tree/vars.ts";

export function rewriteTemplateStrings(compilation: Compilation, module: ModuleUnit): void {
  for (const unit of openRules(module)) {
    const { head, body } = unit;
    if ((unit.written & TEMPLATE) === 0) continue;
    const safe = new Set(["input", "data", ...varsOfAll(head.args ?? []).keys()]);
    const rewriter = new TemplateRewriter(compilation, module);
    const known = rewriter.known(body, safe);
    unit.body = rewriter.body(body, safe);
    const map = (term: Term | undefined): Term | undefined => (term === undefined ? undefined : rewriter.term(term, known));
    const rewritten: Head = {
      ...head,
      args: head.args?.map((arg) => rewriter.term(arg, known)),
      key: map(head.key),
      value: map(head.value),
    };
    unit.head = rewritten;
  }
}

/** The same for a query. */
export function rewriteTemplatesIn(compilation: Compilation, module: ModuleUnit, body: Body): Body {
  if ((featuresOfBody(body) & TEMPLATE) === 0) return body;
  return new TemplateRewriter(compilation, module).body(body, new Set(["input", "data"]));
}

class TemplateRewriter {
  readonly #compilation: Compilation;
  readonly #module: ModuleUnit;

  constructor(compilation: Compilation, module: ModuleUnit) {
    this.#compilation = compilation;
    this.#module = module;
  }

  #error(at: Term, message: string): void {
    fail(this.#compilation, { module: this.#module, range: at, code: "rego_compile_error", message });
  }

  known(body: Body, safe: ReadonlySet<string>): ReadonlySet<string> {
    return new Set([...safe, ...outputsOfBody(body, arityOf(this.#compilation), safe)]);
  }

  body(body: Body, safe: ReadonlySet<string>): Body {
    const known = this.known(body, safe);
    return mapAll(body, (expr) => this.#expr(expr, known));
  }

  #expr(expr: Expr, known: ReadonlySet<string>): Expr {
    const inner =
      expr.body.kind === "every"
        ? new Set([...known, ...(expr.body.key ? [expr.body.key.name] : []), expr.body.value.name])
        : known;
    // As OPA has it, what the bodies of `and`, `or` and `not` declare is not known in the templates there.
    const closed = expr.body.kind === "logical" || expr.body.kind === "notBody";
    return mapExpr(expr, {
      term: (term) => this.term(term, known),
      body: (body) => (closed ? mapAll(body, (one) => this.#expr(one, known)) : this.body(body, inner)),
    });
  }

  term(term: Term, known: ReadonlySet<string>): Term {
    if (!holds(term, TEMPLATE)) return term;
    switch (term.kind) {
      case "templateString":
        return this.#template(term, known);
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        const inner = this.known(term.body, known);
        return mapTerm(term, { term: (below) => this.term(below, inner), body: (body) => this.body(body, known) });
      }
      default:
        return mapTerm(term, { term: (below) => this.term(below, known), body: (body) => this.body(body, known) });
    }
  }

  #template(template: TemplateString, known: ReadonlySet<string>): Term {
    const items: Term[] = [];
    for (const part of template.parts) {
      if (part.kind !== "expr") items.push(part);
      else {
        const item = this.#hole(part, known);
        if (item !== undefined) items.push(item);
      }
    }
    if (template.parts.length === 0) items.push({ kind: "string", value: "", start: template.start, end: template.end });
    const { start, end } = template;
    return callTerm("internal.template_string", [{ kind: "array", items, start, end }], template);
  }

  #hole(hole: Expr, known: ReadonlySet<string>): Term | undefined {
    if (hole.body.kind === "call") this.#module.holeCalls.add(`${hole.body.start}:${hole.body.end}`);
    const name = calledName(hole);
    if (name !== undefined && this.#compilation.builtins.get(name)?.relation) {
      this.#error(hole.body as Term, `illegal call to relation built-in '${name}' that may cause multiple outputs`);
      return undefined;
    }
    const { body } = hole;
    if (body.kind === "some" || body.kind === "every" || body.kind === "notBody" || body.kind === "logical") {
      return undefined;
    }
    const term = this.term(body, known);
    const single: SetTerm = { kind: "set", items: [term], start: term.start, end: term.end };
    if (term.kind === "var" || (term.kind === "ref" && this.#hasValueAlways(term.parts))) return single;
    for (const unsafe of [...varsOf(term, safetyPlaces).keys()].filter((one) => !known.has(one)).sort()) {
      this.#error(term, `var ${printVar(this.#compilation.names.written.get(unsafe) ?? unsafe)} is undeclared`);
    }
    const local = varTerm(this.#compilation.names.fresh(), term);
    return setComprehension(local, [unification(local, term, { with: hole.with, generated: false })], term);
  }

  /** True for rules that are never undefined: with a default, with several values, or constant. */
  #hasValueAlways(parts: readonly Term[]): boolean {
    if (parts.length < 2 || rootOf(parts[0]!) !== "data") return false;
    const rules = this.#compilation.tree.rulesAt(parts);
    const first = rules[0];
    if (first === undefined || (first.head.args?.length ?? 0) > 0) return false;
    if (first.source.default || first.head.contains) return true;
    if (rules.length > 1) return rules.some(({ source }) => source.default);
    return hasPlainValue(first);
  }
}

/**
 * True for a rule without conditions whose value is a scalar, a variable, or a collection without variables. As in OPA, what
 * refs in a collection lead to is not asked. Looks at the rule before this and later stages moved anything into its body.
 */
export function hasPlainValue(unit: RuleUnit): boolean {
  const { head, body } = unit.resolved ?? unit;
  const { value } = head;
  if (value === undefined || !(isEmptyBody(body) || body.every(onlyDeclares))) return false;
  return isScalar(value) || value.kind === "var" || (isCollection(value) && isClosed(value));
}

function onlyDeclares({ body }: Expr): boolean {
  return body.kind === "some" && body.symbols.every(({ kind }) => kind === "var");
}

function isCollection({ kind }: Term): boolean {
  return kind === "array" || kind === "set" || kind === "object";
}
