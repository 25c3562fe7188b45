// Numbers that are read but that JSON does not know, such as `.5`: OPA cannot write the tree of a module that has one.
import type { Body, Expr, Module, Rule, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { withoutRepeats } from "#grammars/rego/term-key.ts";
import { headParts } from "./tree/refs.ts";

export interface UnwritableNumber {
  readonly text: string;
  /** What it stands in, outermost first, as OPA's encoder names it. */
  readonly within: readonly string[];
}

/** The first one in the order in which OPA writes a tree. */
export function unwritableNumberOf({ rules }: Module): UnwritableNumber | undefined {
  return first(rules, ruleNumber);
}

function first<T>(items: readonly T[], find: (item: T) => UnwritableNumber | undefined): UnwritableNumber | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(type: string, found: UnwritableNumber | undefined): UnwritableNumber | undefined {
  return found && { ...found, within: [type, ...found.within] };
}

function ruleNumber(rule: Rule): UnwritableNumber | undefined {
  const { head } = rule;
  const headTerms = [...(head.args ?? []), head.key, head.value, ...headParts(head)];
  return within(
    "*ast.Rule",
    bodyNumber(rule.body ?? []) ??
      (rule.else && ruleNumber(rule.else)) ??
      within(
        "*ast.Head",
        first(headTerms, (term) => term && termNumber(term)),
      ),
  );
}

function bodyNumber(body: Body): UnwritableNumber | undefined {
  return within("ast.Body", first(body, exprNumber));
}

function exprNumber(expr: Expr): UnwritableNumber | undefined {
  const modifiers = first(expr.with, ({ target, value }) => within("*ast.With", termNumber(target) ?? termNumber(value)));
  return within("*ast.Expr", termsNumber(expr.body) ?? modifiers);
}

function termsNumber(body: Expr["body"]): UnwritableNumber | undefined {
  switch (body.kind) {
    case "call":
      return first([body.operator, ...body.args], termNumber);
    case "some":
      return within("*ast.SomeDecl", first(body.symbols, termNumber));
    case "every":
      return within("*ast.Every", bodyNumber(body.body) ?? termNumber(body.domain));
    case "notBody":
      return within("*ast.Not", bodyNumber(body.body));
    case "logical":
      return within(
        body.operator === "or" ? "*ast.LogicalOr" : "*ast.LogicalAnd",
        bodyNumber(body.left) ?? bodyNumber(body.right),
      );
    default:
      return termNumber(body);
  }
}

function termNumber(term: Term): UnwritableNumber | undefined {
  return within("*ast.Term", valueNumber(term));
}

function valueNumber(term: Term): UnwritableNumber | undefined {
  switch (term.kind) {
    case "number":
      return /^-?\./u.test(term.text) ? { text: term.text, within: ["ast.Number"] } : undefined;
    case "ref":
      return first(term.parts, termNumber);
    case "array":
      return within("*ast.Array", first(term.items, termNumber));
    case "set":
      return within("*ast.set", first([...withoutRepeats(term.items)].sort(compareTerms), termNumber));
    case "object": {
      const entries = [...term.entries].sort((a, b) => compareTerms(a.key, b.key));
      return within(
        "*ast.object",
        first(entries, ({ key, value }) => termNumber(key) ?? termNumber(value)),
      );
    }
    case "arrayComprehension":
    case "setComprehension":
      return termNumber(term.term) ?? bodyNumber(term.body);
    case "objectComprehension":
      return termNumber(term.key) ?? termNumber(term.value) ?? bodyNumber(term.body);
    case "call":
      return first([term.operator, ...term.args], termNumber);
    case "templateString":
      return first(term.parts, (part) =>
        part.kind !== "expr" ? termNumber(part) : part.constantHole ? within("*ast.Term", termsValue(part)) : exprNumber(part),
      );
    default:
      return undefined;
  }
}

/** Of a hole that counts as the constant in it. */
function termsValue({ body }: Expr): UnwritableNumber | undefined {
  return body.kind === "number" ? valueNumber(body) : undefined;
}
