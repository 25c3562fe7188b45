// The conditions of a policy, each with the changes that a test ought to notice.
import { walk } from "#analysis/rego/tree/walk.ts";
import type { Call, Expr, Module, Range, Rule } from "#grammars/rego/ast.ts";
import type { ParsedModule } from "#grammars/rego/parse.ts";

/** `dropped`: it holds whatever is asked; `turned`: it holds where it did not; `value`: `true` for `false`, or the other way round. */
export type ChangeKind = "dropped" | "turned" | "value";

export interface Change {
  readonly kind: ChangeKind;
  readonly range: Range;
  readonly newText: string;
}

export interface Condition {
  readonly range: Range;
  /** The one that says more comes first: what is not missed need not be asked whether it can be turned around. */
  readonly changes: readonly Change[];
}

/** In the order of the text: expressions of bodies, also within comprehensions and `every`, and the truth values that heads give. */
export function conditionsOf({ module, text }: Pick<ParsedModule, "module" | "text">): readonly Condition[] {
  return rulesOf(module)
    .flatMap((rule) => [...valuesIn(rule), ...expressionsIn(rule).flatMap((expr) => conditionIn(expr, text))])
    .sort((a, b) => a.range.start - b.range.start);
}

function rulesOf({ rules }: Module): readonly Rule[] {
  const found: Rule[] = [];
  for (const rule of rules)
    for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) found.push(branch);
  return found;
}

function valuesIn({ head: { value } }: Rule): readonly Condition[] {
  if (value?.kind !== "boolean") return [];
  const range = { start: value.start, end: value.end };
  return [{ range, changes: [{ kind: "value", range, newText: String(!value.value) }] }];
}

function expressionsIn({ head, body = [] }: Rule): readonly Expr[] {
  const found: Expr[] = [];
  const roots = [...(head.args ?? []), head.key, head.value, ...body].filter((node) => node !== undefined);
  for (const root of roots)
    walk(root, (node) => {
      if (node.kind === "expr") found.push(node);
      // What stands in a hole is a value.
      return node.kind === "templateString";
    });
  return found;
}

/** What binds variables is no condition, nor is a constant. */
function conditionIn(expr: Expr, text: string): readonly Condition[] {
  const { body, start, end } = expr;
  if (body.kind === "some" || body.kind === "boolean" || (body.kind === "call" && bindingOperators.has(body.infix ?? "")))
    return [];
  const range = { start, end };
  const changes: Change[] = [{ kind: "dropped", range, newText: "true" }];
  const turned = turnedAround(expr, text);
  return [{ range, changes: turned === undefined ? changes : [...changes, turned] }];
}

const bindingOperators = new Set([":=", "="]);

const opposites = new Map([
  ["==", "!="],
  ["!=", "=="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
]);

function turnedAround({ body, negated, start, end }: Expr, text: string): Change | undefined {
  const not = /^not\s+/u.exec(text.slice(start, end))?.[0].length;
  if (negated || body.kind === "notBody")
    return not === undefined ? undefined : { kind: "turned", range: { start, end: start + not }, newText: "" };
  if (body.kind === "every" || body.kind === "logical") return undefined;
  const operator = body.kind === "call" ? operatorOf(body, text) : undefined;
  const opposite = operator === undefined ? undefined : opposites.get(text.slice(operator.start, operator.end));
  if (operator !== undefined && opposite !== undefined) return { kind: "turned", range: operator, newText: opposite };
  return { kind: "turned", range: { start, end: start }, newText: "not " };
}

/** Where a comparison has its operator: between the operands, which may be in parentheses. */
function operatorOf({ infix, args: [left, right] }: Call, text: string): Range | undefined {
  if (infix === undefined || left === undefined || right === undefined) return undefined;
  const from = (left.grouped ?? left).end;
  const start = text.indexOf(infix, from);
  return start < 0 || start >= (right.grouped ?? right).start ? undefined : { start, end: start + infix.length };
}
