// Default rules: what their value and their arguments may be.
import type { Expr, Range, Rule, Term } from "./ast.ts";
import { compareTerms } from "./compare-terms.ts";
import type { ReadHead } from "./heads.ts";
import { isRoot, rangeOf, valueName } from "./nodes.ts";
import type { Reader } from "./reader.ts";
import type { RuleFacts } from "./rule-facts.ts";
import { withoutRepeats } from "./term-key.ts";

// default value of a rule or function
export function parseDefault(r: Reader, { head, valueless }: ReadHead, start: number): readonly RuleFacts[] | undefined {
  const range = rangeOf(start, r.place.lastEnd);
  if (head.value === undefined && !valueless) {
    r.error(range, "illegal default rule (must have a value)");
    return undefined;
  }
  if ((head.value !== undefined && !checkDefaultValue(r, head.value, range)) || !checkDefaultArgs(r, head.args ?? [], range))
    return undefined;
  const rule: Rule = { kind: "rule", default: true, head, body: undefined, else: undefined, chained: false, ...range };
  return [{ rule, hasIf: false, hasContains: false, bodyless: false, valueless }];
}

function checkDefaultValue(r: Reader, value: Term, range: Range): boolean {
  switch (value.kind) {
    case "var":
    case "ref":
    case "call":
      r.error(range, `illegal default rule (value cannot contain ${valueName(value)})`);
      return false;
    case "array":
      return value.items.map((item) => checkDefaultValue(r, item, range)).every(Boolean);
    case "set":
      return inOrder(withoutRepeats(value.items), (item) => item)
        .map((item) => checkDefaultValue(r, item, range))
        .every(Boolean);
    case "object":
      return inOrder(value.entries, ({ key }) => key)
        .map(({ key, value: item }) => [checkDefaultValue(r, key, range), checkDefaultValue(r, item, range)].every(Boolean))
        .every(Boolean);
    case "templateString":
      return value.parts
        .flatMap((part): readonly Term[] => (part.kind === "expr" ? termsOfHole(part) : []))
        .map((term) => checkDefaultValue(r, term, range))
        .every(Boolean);
    default:
      return true;
  }
}

/** As OPA looks at sets and objects: by the order of their terms; of a repeated key every value counts. */
function inOrder<T>(items: readonly T[], termOf: (item: T) => Term): readonly T[] {
  return items.toSorted((a, b) => compareTerms(termOf(a), termOf(b)));
}

/** A call in a hole counts as its operator and its arguments, as it does for OPA; modifiers count, too. */
function termsOfHole({ body, with: modifiers }: Expr): readonly Term[] {
  const replaced = modifiers.flatMap(({ target, value }) => [target, value]);
  if (body.kind === "call") return [body.operator, ...body.args, ...replaced];
  if (body.kind === "some" || body.kind === "every" || body.kind === "notBody" || body.kind === "logical") return replaced;
  return [body, ...replaced];
}

function checkDefaultArgs(r: Reader, args: readonly Term[], range: Range): boolean {
  const seen = new Set<string>();
  let valid = true;
  for (const arg of args) {
    let problem: string | undefined;
    if (arg.kind !== "var" || isRoot(arg)) problem = `contain ${valueName(arg)}`;
    else if (seen.has(arg.name)) problem = `be repeated ${arg.name}`;
    else seen.add(arg.name);
    if (problem === undefined) continue;
    r.error(range, `illegal default rule (arguments cannot ${problem})`);
    valid = false;
  }
  return valid;
}
