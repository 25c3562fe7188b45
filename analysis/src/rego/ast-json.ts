// Modules as the JSON that `opa parse --format json` prints, without places.
import type { Body, Comment, Expr, Head, Import, Module, Rule, TemplateString, Term } from "#grammars/rego/ast.ts";
import { compareTerms } from "#grammars/rego/compare-terms.ts";
import { isGround } from "#grammars/rego/nodes.ts";
import { withoutRepeats } from "#grammars/rego/term-key.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { headParts, rootOf } from "./tree/refs.ts";

/** A module that parsed without errors, and the file and text it came from. */
export interface TreeSource {
  readonly file: string;
  readonly text: string;
  readonly module: Module;
}

export interface TreeOptions {
  /** With the comments, as OPA prints them unless told `--json-include -comments`. */
  readonly comments?: boolean;
  /** What METADATA blocks say, as JSON, and the rules that they describe. */
  readonly annotations?: readonly WrittenAnnotation[];
}

export interface WrittenAnnotation {
  readonly json: unknown;
  readonly rules: readonly Rule[];
}

/** The tree of a module, its keys in OPA's order. */
export function moduleToJson(source: TreeSource, { comments = true, annotations = [] }: TreeOptions = {}): unknown {
  const { module } = source;
  const path = [{ type: "var", value: "data" }, ...(module.package?.path ?? []).map(termToTree)];
  return {
    package: { path },
    ...(module.imports.length > 0 ? { imports: module.imports.map(importToTree) } : {}),
    ...(annotations.length > 0 ? { annotations: annotations.map(({ json }) => json) } : {}),
    ...(module.rules.length > 0 ? { rules: module.rules.map((rule) => annotatedRule(rule, annotations)) } : {}),
    ...(comments && module.comments.length > 0 ? { comments: commentsToTree(source) } : {}),
  };
}

/** Texts are base64, as Go writes bytes. */
function commentsToTree({ file, text, module }: TreeSource): unknown {
  const lines = new LineIndex(text);
  return module.comments.map((comment) => ({
    Text: base64Of(comment),
    Location: { file, ...lines.rowCol(comment.start) },
  }));
}

function base64Of({ text }: Comment): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function importToTree(item: Import): unknown {
  const path = { type: "ref", value: (item.path.kind === "ref" ? item.path.parts : [item.path]).map(plainTree) };
  return item.alias === undefined ? { path } : { alias: item.alias.name, path };
}

/** What OPA's tree calls a rule besides its ref; `else` branches share it. */
interface Naming {
  readonly head: Head;
  readonly name: string | undefined;
  readonly key: Term | undefined;
}

/** Refs of two parts are named and keyed by how the rule was written: `p[x]` was a partial rule before refs were heads. */
function namingOf({ head, default: isDefault, hasIf }: Rule): Naming {
  const parts = headParts(head);
  const name = parts[0]?.kind === "var" ? parts[0].name : "";
  const second = parts[1];
  if (second === undefined) return { head, name, key: head.key };
  if (parts.length > 2 || head.contains || isDefault) return { head, name: undefined, key: head.key };
  const isFunction = (head.args?.length ?? 0) > 0;
  if (hasIf) {
    const key = !isFunction && (!isGround(second) || second.kind === "ref") ? second : undefined;
    return { head, name: isFunction || head.value !== undefined ? name : undefined, key };
  }
  return isFunction ? { head, name: undefined, key: undefined } : { head, name, key: second };
}

function annotatedRule(rule: Rule, annotations: readonly WrittenAnnotation[]): unknown {
  const own = annotations.filter(({ rules }) => rules.includes(rule)).map(({ json }) => json);
  return { ...(own.length > 0 ? { annotations: own } : {}), ...ruleToTree(rule, namingOf(rule)) };
}

function ruleToTree(rule: Rule, naming: Naming): object {
  const body =
    rule.body === undefined ? [{ generated: true, index: 0, terms: { type: "boolean", value: true } }] : bodyToTree(rule.body);
  return {
    body,
    ...(rule.default ? { default: true } : {}),
    ...(rule.else === undefined ? {} : { else: ruleToTree(rule.else, naming) }),
    head: headToTree(rule.head, naming),
  };
}

function headToTree(head: Head, { head: named, name, key }: Naming): unknown {
  const { args } = head;
  const multiple = head.key !== undefined && head.value === undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(args === undefined || args.length === 0 ? {} : { args: args.map(termToTree) }),
    ...(key === undefined ? {} : { key: termToTree(key) }),
    ...(multiple ? {} : { value: head.value === undefined ? { type: "boolean", value: true } : termToTree(head.value) }),
    ...((head.value === undefined ? named : head).assign ? { assign: true } : {}),
    ref: headParts(named).map((part, i) => (i === 0 ? plainTree(part) : termToTree(part))),
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
        body: bodyToTree(body.body),
        domain: termToTree(body.domain),
        key: body.key === undefined ? null : termToTree(body.key),
        value: termToTree(body.value),
      };
    case "notBody":
      return { body: bodyToTree(body.body), explicit_body: !body.implicit, type: "not" };
    case "logical":
      return {
        ...(body.implicitLeft ? {} : { explicit_lhs: true }),
        ...(body.implicitRight ? {} : { explicit_rhs: true }),
        lhs: bodyToTree(body.left),
        rhs: bodyToTree(body.right),
        type: body.operator,
      };
    default:
      return termToTree(body);
  }
}

/** A hole that holds a mere constant counts as the constant, unless a comment stands in it. */
function partToTree(part: TemplateString["parts"][number]): unknown {
  if (part.kind !== "expr") return termToTree(part);
  return part.constantHole ? termsOf(part.body) : exprToTree(part, 0);
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** A number for `JSON.stringify` with every digit it was written with. */
function exactNumber(text: string): unknown {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? rawJson(text) : Number(text);
}

function plainTree(term: Term): unknown {
  return term.kind === "var" ? { type: "var", value: term.name } : termToTree(term);
}

function termToTree(term: Term): unknown {
  switch (term.kind) {
    case "null":
      return { type: "null", value: {} };
    case "boolean":
    case "string":
      return { type: term.kind, value: term.value };
    case "number":
      return { type: "number", value: exactNumber(term.text) };
    case "var":
      return rootOf(term) === undefined ? plainTree(term) : { type: "ref", value: [plainTree(term)] };
    case "ref":
      return { type: "ref", value: term.parts.map((part, i) => (i === 0 ? plainTree(part) : termToTree(part))) };
    case "array":
      return { type: "array", value: term.items.map(termToTree) };
    case "set":
      return { type: "set", value: [...withoutRepeats(term.items)].sort(compareTerms).map(termToTree) };
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
          parts: term.parts.length === 0 ? null : term.parts.map((part) => partToTree(part)),
          multi_line: term.multiline,
        },
      };
  }
}
