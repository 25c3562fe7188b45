// Turns template strings into calls of `internal.template_string`; each hole is a set, empty when the hole is undefined.
import type {
  ArrayComprehension,
  Body,
  Expr,
  Head,
  ObjectComprehension,
  Range,
  SetComprehension,
  TemplateString,
  Term,
} from "#grammars/rego/ast.ts";
import { rootNames } from "#grammars/rego/nodes.ts";
import { printVar } from "#grammars/rego/print-terms.ts";
import { type Compilation, fail } from "../compilation.ts";
import { arityOf } from "../functions.ts";
import type { ModuleUnit, RuleUnit } from "../rule-units.ts";
import { outputsOfBody } from "../safety/outputs.ts";
import { featuresOfBody, holds, TEMPLATE } from "../tree/features.ts";
import { callTerm, exprOf, isEmptyBody, setComprehension, unification, varTerm } from "../tree/make.ts";
import { mapAll, mapExpr, mapTerm } from "../tree/map.ts";
import { isClosed, isScalar, rootOf } from "../tree/refs.ts";
import { calledName, safetyPlaces, varsOf, varsOfAll } from "../tree/vars.ts";
import { isComprehension } from "../tree/walk.ts";

export function rewriteTemplateStrings(compilation: Compilation, module: ModuleUnit, rules: readonly RuleUnit[]): void {
  for (const unit of rules) {
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
  return new TemplateRewriter(compilation, module).body(body, rootNames);
}

/** With so many faults none is said again: each comprehension around would double them. */
const mostRepeated = 50;

class TemplateRewriter {
  readonly #compilation: Compilation;
  readonly #module: ModuleUnit;
  #faults = 0;

  constructor(compilation: Compilation, module: ModuleUnit) {
    this.#compilation = compilation;
    this.#module = module;
  }

  #error(at: Range, message: string): void {
    this.#faults++;
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
    const before = this.#faults;
    const rewritten = mapExpr(expr, {
      term: (term) => this.term(term, known),
      body: (body) => (closed ? this.#inside(body, known) : this.body(body, inner)),
    });
    if (this.#faults > before && rewritten.body.kind === "every")
      this.#again([rewritten.body.domain], rewritten.body.body, known);
    return rewritten;
  }

  #inside(body: Body, known: ReadonlySet<string>): Body {
    return mapAll(body, (expr) => this.#expr(expr, known));
  }

  term(term: Term, known: ReadonlySet<string>): Term {
    if (!holds(term, TEMPLATE)) return term;
    switch (term.kind) {
      case "templateString":
        return this.#template(term, known, known);
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        const before = this.#faults;
        const inner = this.known(term.body, known);
        // As OPA has it, what the body declares is known in a template that is the head, and in none inside a head.
        const rewritten = mapTerm(term, {
          term: (below) => (below.kind === "templateString" ? this.#template(below, inner, known) : this.term(below, known)),
          body: (body) => this.body(body, known),
        });
        if (this.#faults > before && isComprehension(rewritten)) this.#again(headOf(rewritten), rewritten.body, known);
        return rewritten;
      }
      default:
        return this.#below(term, known);
    }
  }

  #below(term: Term, known: ReadonlySet<string>): Term {
    return mapTerm(term, { term: (below) => this.term(below, known), body: (body) => this.body(body, known) });
  }

  /** OPA looks again at what is still a template there, now without what the body declares: what is wrong is said once more. */
  #again(heads: readonly Term[], body: Body, known: ReadonlySet<string>): void {
    if (this.#faults > mostRepeated) return;
    for (const head of heads) if (head.kind === "templateString") this.#tellAgain(head, known);
    this.#inside(body, known);
  }

  /** What is wrong with the holes of a template, that of templates inside aside. */
  #tellAgain({ parts }: TemplateString, known: ReadonlySet<string>): void {
    for (const part of parts) {
      if (part.kind !== "expr" || this.#callsRelation(part)) continue;
      if (!this.#isTerm(part) || part.constantHole) continue;
      this.#isUndeclared(part, known, part.body);
    }
  }

  /** The call; the template itself when something is wrong with a hole of its own. `around`: what is known in the templates inside. */
  #template(template: TemplateString, known: ReadonlySet<string>, around: ReadonlySet<string>): Term {
    const { builtins } = this.#compilation;
    if (!builtins.has("internal.template_string")) {
      this.#error(template, "template-strings are not supported");
      return template;
    }
    const items: Term[] = [];
    const before = this.#faults;
    let own = false;
    // Holes get their names before those of the templates inside of them.
    const locals = template.parts.map((part) =>
      part.kind === "expr" && this.#isCaptured(part) ? this.#compilation.names.fresh() : undefined,
    );
    for (const [at, part] of template.parts.entries()) {
      if (part.kind !== "expr") items.push(part);
      else {
        const item = this.#hole(part, locals[at], template, known, around);
        if (item === undefined) own = true;
        else items.push(item);
      }
    }
    if (own && this.#faults > before) return template;
    // As OPA has it, where only templates inside are wrong, they are looked at again.
    if (this.#faults > before && this.#faults <= mostRepeated) this.#below(template, around);
    if (template.parts.length === 0) items.push({ kind: "string", value: "", start: template.start, end: template.end });
    const { start, end } = template;
    return callTerm("internal.template_string", [{ kind: "array", items, start, end }], template);
  }

  /** True for what may have no value or several, and is asked for in a comprehension. */
  #isCaptured({ body, constantHole }: Expr): boolean {
    if (constantHole) return false;
    return body.kind !== "var" && !(body.kind === "ref" && this.#hasValueAlways(body.parts));
  }

  /** `local`: what a captured value is called. */
  #hole(
    hole: Expr,
    local: string | undefined,
    template: TemplateString,
    known: ReadonlySet<string>,
    around: ReadonlySet<string>,
  ): Term | undefined {
    if (hole.body.kind === "call") this.#module.placeless.add(`${hole.body.start}:${hole.body.end}`);
    if (this.#callsRelation(hole) || !this.#isTerm(hole)) {
      this.#inside([hole], around);
      return undefined;
    }
    const { body } = hole;
    if (hole.constantHole) return body;
    // What a hole binds is known in the templates inside of it, if nothing is wrong with the one around it.
    const asks = local !== undefined && (hole.with.length > 0 || holds(body, TEMPLATE));
    const isSound = asks && template.parts.every((part) => part.kind !== "expr" || this.#undeclared(part, known).length === 0);
    const inside = isSound ? this.known([exprOf(body, body)], around) : around;
    const term = this.term(body, inside);
    if (local === undefined) return { kind: "set", items: [term], start: term.start, end: term.end };
    const modifiers = mapAll(hole.with, (modifier) => ({ ...modifier, value: this.term(modifier.value, inside) }));
    if (this.#isUndeclared(hole, known, term)) return undefined;
    const captured = varTerm(local, term);
    return setComprehension(captured, [unification(captured, term, { with: modifiers, generated: false })], term);
  }

  /** True for the call of a relation, which is told. */
  #callsRelation(hole: Expr): boolean {
    const name = calledName(hole);
    if (name === undefined || !this.#compilation.builtins.get(name)?.relation) return false;
    this.#error(hole.body as Term, `illegal call to relation built-in '${name}' that may cause multiple outputs`);
    return true;
  }

  /** False for `and`, `or` and a `not` with a body, which are told; `some` and `every` are errors of the text. */
  #isTerm(hole: Expr): hole is Expr & { readonly body: Term } {
    const { body } = hole;
    if (body.kind === "some" || body.kind === "every") return false;
    if (body.kind !== "logical" && body.kind !== "notBody") return true;
    const type = body.kind === "notBody" ? "Not" : body.operator === "and" ? "LogicalAnd" : "LogicalOr";
    this.#error(body, `unexpected template-string expression type: *ast.${type}`);
    return false;
  }

  /** True when a hole needs variables that nobody binds, which are told. */
  #isUndeclared(hole: Expr, known: ReadonlySet<string>, at: Term): boolean {
    const undeclared = this.#undeclared(hole, known);
    for (const unsafe of undeclared)
      this.#error(at, `var ${printVar(this.#compilation.names.written.get(unsafe) ?? unsafe)} is undeclared`);
    return undeclared.length > 0;
  }

  /** The variables that a hole needs and nobody binds. Of the hole as it is written: what a template inside of it needs is looked at there. */
  #undeclared({ body }: Expr, known: ReadonlySet<string>): readonly string[] {
    if (body.kind === "var" || (body.kind === "ref" && this.#hasValueAlways(body.parts))) return [];
    return [...varsOf(body, safetyPlaces).keys()].filter((one) => !known.has(one)).sort();
  }

  /** True for rules that are never undefined: with a default, with several values, or constant. */
  #hasValueAlways(parts: readonly Term[]): boolean {
    if (parts.length < 2 || rootOf(parts[0]!) !== "data") return false;
    const rules = this.#compilation.tree.rulesAt(parts);
    const first = rules[0];
    if (first === undefined || (first.form.args?.length ?? 0) > 0) return false;
    if (first.source.default || first.form.contains) return true;
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

function headOf(comprehension: ArrayComprehension | SetComprehension | ObjectComprehension): readonly Term[] {
  return comprehension.kind === "objectComprehension" ? [comprehension.key, comprehension.value] : [comprehension.term];
}
