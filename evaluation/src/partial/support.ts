// The rules that a partial result refers to, by their paths below `data.partial`.
import { exprOf, varTerm } from "#analysis/rego/tree/make.ts";
import type { Body, Head, Ref, Rule, StringTerm, Term, Var } from "#grammars/rego/ast.ts";
import { compareTermLists, compareTerms } from "#grammars/rego/compare-terms.ts";
import { isPlainName } from "#grammars/rego/print-terms.ts";
import { keyOf } from "#grammars/rego/term-key.ts";
import { textPart } from "./known.ts";
import { nowhere } from "./values.ts";

/** Where a rule stands. */
export interface RulePlace {
  /** From `data` on. */
  readonly package: readonly Term[];
  readonly reference: readonly Term[];
}

/** As in OPA, the package of a rule is all of its path but the last name, as far as the path is names. */
export function splitRef(path: readonly Term[]): RulePlace {
  let at = 2;
  for (let next = 2; next < path.length; next++) {
    const part = path[next]!;
    if (part.kind !== "string" || !isPlainName(part.value)) break;
    at = next;
  }
  return { package: path.slice(0, at), reference: path.slice(at) };
}

export interface SupportRule extends RulePlace {
  readonly member: Term | undefined;
  readonly args: readonly Term[] | undefined;
  readonly value: Term | undefined;
  readonly body: Body;
  readonly isDefault: boolean;
}

export interface SupportModule {
  /** Without `data`. */
  readonly package: readonly StringTerm[];
  readonly rules: readonly Rule[];
}

export class SupportRules {
  readonly root: readonly Term[];
  readonly #rules = new Map<string, Rule[]>();
  readonly #modules = new Map<string, { readonly package: readonly StringTerm[]; readonly rules: Rule[] }>();

  constructor(namespace: string) {
    this.root = [varTerm("data", nowhere), textPart(namespace)];
  }

  pathOf([, ...path]: readonly Term[]): readonly Term[] {
    return [...this.root, ...path];
  }

  isBegun(path: readonly Term[]): boolean {
    return this.#rules.has(keyOfPath(path));
  }

  begin(path: readonly Term[]): void {
    this.#rules.set(keyOfPath(path), []);
  }

  rulesAt(path: readonly Term[]): readonly Rule[] {
    return this.#rules.get(keyOfPath(path)) ?? [];
  }

  /** `path`: the document that the rule is one of. */
  add(path: readonly Term[], given: SupportRule): void {
    const rule = ruleOf(given);
    this.#rules.get(keyOfPath(path))?.push(rule);
    const home = given.package.slice(1).filter((part): part is StringTerm => part.kind === "string");
    const name = keyOfPath(home);
    const module = this.#modules.get(name) ?? { package: home, rules: [] };
    this.#modules.set(name, module);
    module.rules.push(rule);
  }

  /** By package; rules in the order of OPA. */
  modules(): readonly SupportModule[] {
    return [...this.#modules.values()]
      .sort((a, b) => compareTermLists(a.package, b.package))
      .map((module) => ({ ...module, rules: [...module.rules].sort(compareRules) }));
  }
}

function keyOfPath(path: readonly Term[]): string {
  return path.map(keyOf).join(" ");
}

function ruleOf({ reference: [first, ...keys], member, args, value, body, isDefault }: SupportRule): Rule {
  const name: Var = varTerm(first?.kind === "string" ? first.value : first?.kind === "var" ? first.name : "", nowhere);
  const reference: Ref = { kind: "ref", parts: [name, ...keys], ...nowhere };
  const head: Head = {
    kind: "head",
    reference,
    args,
    key: member,
    value,
    assign: false,
    contains: member !== undefined,
    ...nowhere,
  };
  const holds: Body = [exprOf({ kind: "boolean", value: true, ...nowhere }, nowhere, { generated: true })];
  return {
    kind: "rule",
    default: isDefault,
    head,
    body: body.length === 0 ? holds : body,
    else: undefined,
    chained: false,
    ...nowhere,
  };
}

function compareRules(a: Rule, b: Rule): number {
  return (
    compareHeads(a.head, b.head) ||
    Number(b.default) - Number(a.default) ||
    compareTerms(bodyTerm(a.body ?? []), bodyTerm(b.body ?? []))
  );
}

function compareHeads(a: Head, b: Head): number {
  const terms = ({ reference, args = [], key, value }: Head): readonly (readonly Term[])[] => [
    args,
    [reference],
    key === undefined ? [] : [key],
    value === undefined ? [] : [value],
  ];
  const [left, right] = [terms(a), terms(b)];
  for (const [at, list] of left.entries()) {
    const order = compareTermLists(list, right[at]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** A body as a term, whose order is that of bodies. */
function bodyTerm(body: Body): Term {
  return { kind: "arrayComprehension", term: { kind: "null", ...nowhere }, body, ...nowhere };
}
