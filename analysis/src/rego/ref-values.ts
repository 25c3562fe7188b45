// What the variable parts of a ref can hold, as far as the body before them says: constants, and members of constant collections.
import type { Body, Expr, Ref, Term } from "#grammars/rego/ast.ts";
import { keyOf, withoutRepeats } from "#grammars/rego/term-key.ts";
import { isConstant } from "./tree/refs.ts";
import { isUnification } from "./tree/vars.ts";

/** A variable with all the values it can have. */
type Values = ReadonlyMap<string, readonly Term[]>;

/** As many values, and as many refs made of one, are followed; with more, a variable stays one. */
const mostValues = 64;

/** The members of a constant collection: items of an array or a set, values of an object. */
export function membersOf(value: Term): readonly Term[] | undefined {
  switch (value.kind) {
    case "array":
      return value.items;
    case "set":
      return withoutRepeats(value.items);
    case "object":
      return value.entries.map((entry) => entry.value);
    default:
      return undefined;
  }
}

/**
 * Finds out, expression by expression, what the variables of a body range over. The first binding of a variable counts, and only one
 * that reads nothing but what is bound before it: others are moved behind the refs between the two.
 */
export class BodyValues {
  readonly #body: Body;
  readonly #known = new Map<string, readonly Term[]>();
  #read = 0;

  constructor(body: Body) {
    this.#body = body;
  }

  /** The values of the variables that the expressions before `at` bind; `at` may only grow from call to call. */
  before(at: number): Values {
    for (; this.#read < at; this.#read++) {
      const expr = this.#body[this.#read];
      const bound = expr && bindingOf(expr, this.#known);
      if (bound !== undefined && !this.#known.has(bound.name)) this.#known.set(bound.name, bound.values);
    }
    return this.#known;
  }
}

function bindingOf(expr: Expr, known: Values): { readonly name: string; readonly values: readonly Term[] } | undefined {
  if (!isUnification(expr) || expr.body.kind !== "call" || expr.negated || expr.with.length > 0) return undefined;
  const [left, right] = expr.body.args;
  if (left === undefined || right === undefined) return undefined;
  return valuesBound(left, right, known) ?? valuesBound(right, left, known);
}

function valuesBound(
  pattern: Term,
  value: Term,
  known: Values,
): { readonly name: string; readonly values: readonly Term[] } | undefined {
  const values = pattern.kind === "var" ? valuesOf(value, known) : undefined;
  return pattern.kind === "var" && values !== undefined ? { name: pattern.name, values } : undefined;
}

/** The values a term can have; undefined where that is not known, none where it has no value. */
function valuesOf(term: Term, known: Values): readonly Term[] | undefined {
  if (term.kind === "var") return known.get(term.name);
  if (term.kind === "ref") return valuesOfRef(term, known);
  return isConstant(term) ? [term] : undefined;
}

function valuesOfRef({ parts }: Ref, known: Values): readonly Term[] | undefined {
  let values = valuesOf(parts[0]!, known);
  for (const part of parts.slice(1)) {
    const next: Term[] = [];
    for (const value of values ?? []) {
      const members = isConstant(part) ? memberAt(value, part) : membersOf(value);
      if (members === undefined) return undefined;
      next.push(...members);
    }
    if (next.length > mostValues) return undefined;
    values &&= next;
  }
  return values;
}

/** What a constant selects; nothing where there is no such member. */
function memberAt(value: Term, key: Term): readonly Term[] {
  const same = (other: Term): boolean => keyOf(other) === keyOf(key);
  switch (value.kind) {
    case "array":
      return key.kind === "number" && /^\d+$/.test(key.text) ? value.items.slice(Number(key.text), Number(key.text) + 1) : [];
    case "set":
      return value.items.filter(same).slice(0, 1);
    case "object":
      return value.entries.flatMap((entry) => (same(entry.key) ? [entry.value] : [])).slice(-1);
    default:
      return [];
  }
}

/** The refs that a ref can be, each variable part replaced by its values where they are known and few. */
export function narrowed(ref: Ref, known: Values): readonly Ref[] {
  if (known.size === 0) return [ref];
  let refs: readonly (readonly Term[])[] = [ref.parts];
  for (const [at, part] of ref.parts.entries()) {
    if (at === 0 || isConstant(part)) continue;
    const values = valuesOf(part, known) ?? [];
    // Without a value the body cannot hold; that is no reason to forget what the ref reads.
    if (values.length === 0 || refs.length * values.length > mostValues) continue;
    refs = refs.flatMap((parts) => values.map((value) => parts.with(at, value)));
  }
  return refs[0] === ref.parts ? [ref] : refs.map((parts) => ({ ...ref, parts }));
}
