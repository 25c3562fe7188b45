// Modules as the JSON that `opa parse --format json` prints, without places.
import type { Body, Expr, Head, Import, Module, Rule, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "./tree/compare.ts";
import { headParts, isConstant, rootOf } from "./tree/refs.ts";
import { jsonOf } from "./types/constants.ts";
import { valueToJson } from "./types/json-value.ts";

/** The tree of a module that parsed without errors. */
export function moduleToJson(module: Module): unknown {
  const path = [{ type: "var", value: "data" }, ...(module.package?.path ?? []).map(termToTree)];
  return {
    package: { path },
    ...(module.imports.length > 0 ? { imports: module.imports.map(importToTree) } : {}),
    ...(module.rules.length > 0 ? { rules: module.rules.map((rule) => ruleToTree(rule)) } : {}),
  };
}

function importToTree(item: Import): unknown {
  const path = { type: "ref", value: (item.path.kind === "ref" ? item.path.parts : [item.path]).map(plainTree) };
  return item.alias === undefined ? { path } : { path, alias: item.alias.name };
}

function ruleToTree(rule: Rule, parent?: Head): unknown {
  const body =
    rule.body === undefined ? [{ generated: true, index: 0, terms: { type: "boolean", value: true } }] : bodyToTree(rule.body);
  return {
    body,
    ...(rule.default ? { default: true } : {}),
    head: headToTree(rule, parent),
    ...(rule.else === undefined ? {} : { else: ruleToTree(rule.else, parent ?? rule.head) }),
  };
}

function headToTree({ head, body }: Rule, parent: Head | undefined): unknown {
  const parts = headParts(parent ?? head);
  const args = (parent ?? head).args;
  const name = parts[0]?.kind === "var" ? parts[0].name : "";
  const multiple = head.key !== undefined && head.value === undefined;
  const second = parts[1];
  const keyed =
    parts.length === 2 && args === undefined && second !== undefined && !multiple && (body === undefined || !isConstant(second));
  return {
    ...(parts.length === 1 || keyed || (parts.length === 2 && !multiple && head.value !== undefined) ? { name } : {}),
    ...(args === undefined || args.length === 0 ? {} : { args: args.map(termToTree) }),
    ...(multiple ? { key: termToTree(head.key!) } : keyed ? { key: termToTree(second) } : {}),
    ...(multiple ? {} : { value: head.value === undefined ? { type: "boolean", value: true } : termToTree(head.value) }),
    ...(head.assign ? { assign: true } : {}),
    ref: parts.map((part, i) => (i === 0 ? plainTree(part) : termToTree(part))),
  };
}

function bodyToTree(body: Body): unknown {
  return body.map((expr, index) => exprToTree(expr, index));
}

function exprToTree(expr: Expr, index: number): unknown {
  return {
    index,
    ...(expr.negated ? { negated: true } : {}),
    terms: termsOf(expr.body),
    ...(expr.with.length === 0
      ? {}
      : { with: expr.with.map(({ target, value }) => ({ target: termToTree(target), value: termToTree(value) })) }),
  };
}

function termsOf(body: Expr["body"]): unknown {
  switch (body.kind) {
    case "call":
      return [termToTree(body.operator), ...body.args.map(termToTree)];
    case "some":
      return { symbols: body.symbols.map(termToTree) };
    case "every":
      return {
        key: body.key === undefined ? null : termToTree(body.key),
        value: termToTree(body.value),
        domain: termToTree(body.domain),
        body: bodyToTree(body.body),
      };
    case "notBody":
      return { type: "not", body: bodyToTree(body.body), ...(body.implicit ? {} : { explicit_body: true }) };
    case "logical":
      return {
        type: body.operator,
        lhs: bodyToTree(body.left),
        rhs: bodyToTree(body.right),
        ...(body.implicitLeft ? {} : { explicit_lhs: true }),
        ...(body.implicitRight ? {} : { explicit_rhs: true }),
      };
    default:
      return termToTree(body);
  }
}

function plainTree(term: Term): unknown {
  return term.kind === "var" ? { type: "var", value: term.name } : termToTree(term);
}

function termToTree(term: Term): unknown {
  switch (term.kind) {
    case "null":
      return { type: "null", value: null };
    case "boolean":
    case "string":
      return { type: term.kind, value: term.value };
    case "number":
      return { type: "number", value: valueToJson(jsonOf(term)!) };
    case "var":
      return rootOf(term) === undefined ? plainTree(term) : { type: "ref", value: [plainTree(term)] };
    case "ref":
      return { type: "ref", value: term.parts.map((part, i) => (i === 0 ? plainTree(part) : termToTree(part))) };
    case "array":
      return { type: "array", value: term.items.map(termToTree) };
    case "set": {
      const sorted = [...term.items].sort(compareTerms);
      return {
        type: "set",
        value: sorted.filter((item, i) => i === 0 || compareTerms(sorted[i - 1]!, item) !== 0).map(termToTree),
      };
    }
    case "object":
      return {
        type: "object",
        value: [...term.entries]
          .sort((a, b) => compareTerms(a.key, b.key))
          .map(({ key, value }) => [termToTree(key), termToTree(value)]),
      };
    case "arrayComprehension":
    case "setComprehension":
      return { type: term.kind.toLowerCase(), value: { term: termToTree(term.term), body: bodyToTree(term.body) } };
    case "objectComprehension":
      return {
        type: "objectcomprehension",
        value: { key: termToTree(term.key), value: termToTree(term.value), body: bodyToTree(term.body) },
      };
    case "call":
      return { type: "call", value: [termToTree(term.operator), ...term.args.map(termToTree)] };
    case "templateString":
      return {
        type: "templatestring",
        value: {
          parts: term.parts.map((part) => (part.kind === "expr" ? exprToTree(part, 0) : termToTree(part))),
          multi_line: term.multiline,
        },
      };
  }
}
