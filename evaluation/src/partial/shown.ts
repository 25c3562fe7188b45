// Bodies and rules that are left, with the names that OPA shows variables by.
import { type Mapper, mapAll, mapExpr, mapTerm } from "#analysis/rego/tree/map.ts";
import { walk } from "#analysis/rego/tree/walk.ts";
import type { Body, Expr, Rule, Term } from "#grammars/rego/ast.ts";
import { isRootName } from "#grammars/rego/nodes.ts";
import { shownName } from "./instances.ts";
import type { SupportModule } from "./support.ts";

/** Names of one body: two variables have not one name. */
class Names {
  readonly #shown = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(name: string): string {
    let shown = this.#shown.get(name);
    if (shown === undefined) {
      shown = shownName(name);
      while (this.#taken.has(shown)) shown = `${shown}_`;
      this.#taken.add(shown);
      this.#shown.set(name, shown);
    }
    return shown;
  }
}

function renaming(names: Names): Mapper {
  const mapper: Mapper = {
    term: (term) => {
      if (term.kind === "var") return isRootName(term.name) ? term : { ...term, name: names.of(term.name) };
      if (term.kind !== "call") return mapTerm(term, mapper);
      return { ...term, args: mapAll(term.args, mapper.term) };
    },
    body: (body) => mapAll(body, (expr) => shownExpr(expr, mapper)),
  };
  return mapper;
}

function shownExpr(expr: Expr, mapper: Mapper): Expr {
  const mapped = mapExpr(expr, mapper);
  const modifiers = mapped.with.map((one, at) => ({ ...one, target: expr.with[at]!.target }));
  if (mapped.body.kind !== "every") return { ...mapped, with: modifiers };
  const { key, value } = mapped.body;
  const named = <T extends Term>(one: T): T => mapper.term(one) as T;
  return {
    ...mapped,
    with: modifiers,
    body: { ...mapped.body, value: named(value), key: key === undefined ? undefined : named(key) },
  };
}

export function shownBody(body: Body): Body {
  return renaming(new Names()).body(body).map(plain);
}

/** What is left is nobody's making. */
function plain({ generated: _, ...expr }: Expr): Expr {
  return expr.body.kind === "notBody" ? { ...expr, body: { ...expr.body, body: expr.body.body.map(plain) } } : expr;
}

export function shownModule({ package: path, rules }: SupportModule): SupportModule {
  return { package: path, rules: rules.map(shownRule) };
}

function shownRule(rule: Rule): Rule {
  const { term, body } = renaming(new Names());
  const { head } = rule;
  const { reference, args, key, value } = head;
  const parts = reference.kind === "ref" ? [reference.parts[0]!, ...reference.parts.slice(1).map(term)] : [reference];
  return {
    ...rule,
    head: {
      ...head,
      reference: { kind: "ref", parts, start: 0, end: 0 },
      args: args?.map(term),
      key: key === undefined ? undefined : term(key),
      value: value === undefined ? undefined : term(value),
    },
    body: body(rule.body ?? []).map((expr) => (expr.body.kind === "boolean" ? expr : plain(expr))),
  };
}

/** The wildcards that a tree has in more than one place, which need names. */
export function repeatedWildcards(nodes: readonly (Expr | Term)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const node of nodes)
    walk(node, (one) => {
      if (one.kind !== "var" || !one.name.startsWith("$")) return false;
      if (seen.has(one.name)) repeated.add(one.name);
      seen.add(one.name);
      return false;
    });
  return repeated;
}
