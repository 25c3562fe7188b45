// A text per term, equal exactly for equal terms: map keys and a quick test of equality.
import type { Body, Call, Expr, Term } from "./ast.ts";
import { normalNumber } from "./numbers.ts";

/** The key of a term. Terms that OPA holds equal share it: places, spelling of numbers and order in sets and objects do not count. */
export function keyOf(term: Term): string {
  switch (term.kind) {
    case "string":
      return shortKey(stringKeys, "s", term.value);
    case "var":
      return shortKey(varKeys, "v", term.name);
    case "null":
      return "0";
    case "boolean":
      return term.value ? "b1" : "b0";
    case "number":
      return `n${normalNumber(term.text)}`;
    case "array":
      return `[${listKey(term.items)}]`;
    case "set":
      return `<${[...new Set(term.items.map((item) => packed(keyOf(item))))].sort().join("")}>`;
    case "object":
      return `{${term.entries
        .map(({ key, value }) => packed(keyOf(key)) + packed(keyOf(value)))
        .sort()
        .join("")}}`;
    case "ref":
      return `r${listKey(term.parts)}`;
    case "call":
      return callKey(term);
    case "arrayComprehension":
    case "setComprehension":
      return `${term.kind}${listKey([term.term])}|${bodyKey(term.body)}`;
    case "objectComprehension":
      return `${term.kind}${listKey([term.key, term.value])}|${bodyKey(term.body)}`;
    case "templateString":
      return `$${term.parts.map((part) => packed(part.kind === "expr" ? exprKey(part) : keyOf(part))).join("")}`;
  }
}

const stringKeys = new Map<string, string>();
const varKeys = new Map<string, string>();
const mostKept = 20_000;
/** A longer name may be a slice that keeps the whole text it is of. */
const longestKept = 12;

/** Short keys are made once: a new one would have to be hashed wherever it is looked up. */
function shortKey(keys: Map<string, string>, kind: string, text: string): string {
  if (text.length > longestKept) return kind + text;
  let key = keys.get(text);
  if (key === undefined) {
    if (keys.size === mostKept) keys.clear();
    key = kind + text;
    keys.set(text, key);
  }
  return key;
}

/** Operator, number of arguments, arguments; a call in the first place is not packed, so that long rows of operands give short keys. */
function callKey(call: Call): string {
  const heads: string[] = [];
  const tails: string[] = [];
  let at = call;
  for (;;) {
    const [first, ...rest] = at.args;
    heads.push(`(${packed(keyOf(at.operator))}${at.args.length}:`);
    tails.push(listKey(rest));
    if (first?.kind !== "call") {
      if (first !== undefined) heads.push(packed(keyOf(first)));
      return heads.join("") + tails.reverse().join("");
    }
    at = first;
  }
}

/** The terms without those that equal an earlier one. */
export function withoutRepeats<T extends Term>(terms: readonly T[]): readonly T[] {
  if (terms.length < 2) return terms;
  const byKey = new Map<string, T>();
  for (const term of terms) {
    const key = keyOf(term);
    if (!byKey.has(key)) byKey.set(key, term);
  }
  return byKey.size === terms.length ? terms : [...byKey.values()];
}

/** The key as a part of a longer one: its length first, so that no escapes pile up with the depth. */
function packed(key: string): string {
  return `${key.length}:${key}`;
}

function listKey(terms: readonly Term[]): string {
  return terms.map((term) => packed(keyOf(term))).join("");
}

function bodyKey(body: Body): string {
  return body.map((expr) => packed(exprKey(expr))).join("");
}

/** The key of an expression; as `keyOf`. */
export function exprKey({ negated, body, with: modifiers }: Expr): string {
  const changes = modifiers.map(({ target, value }) => listKey([target, value])).join("");
  return `${negated ? "!" : ""}${packed(statementKey(body))}${changes}`;
}

function statementKey(body: Expr["body"]): string {
  switch (body.kind) {
    case "some":
      return `some ${listKey(body.symbols)}`;
    case "every":
      return `every ${listKey([...(body.key === undefined ? [] : [body.key]), body.value, body.domain])}|${bodyKey(body.body)}`;
    case "notBody":
      return `not ${bodyKey(body.body)}`;
    case "logical":
      return `${body.operator} ${packed(bodyKey(body.left))}${packed(bodyKey(body.right))}`;
    default:
      return keyOf(body);
  }
}
