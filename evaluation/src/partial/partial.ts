// Partial evaluation: what is left of a query once everything is decided that does not depend on unknown documents.
import type { Checked, CheckedQuery } from "#analysis/rego/checked.ts";
import { isGenerated } from "#analysis/rego/rule-units.ts";
import { unification, varTerm } from "#analysis/rego/tree/make.ts";
import { varsOfBody } from "#analysis/rego/tree/vars.ts";
import type { Body, Expr, Term } from "#grammars/rego/ast.ts";
import { compareStrings } from "#grammars/text/compare-strings.ts";
import type { EvaluateOptions, EvaluationError, InstanceOptions } from "../instance.ts";
import { readRegoText } from "../rego-text.ts";
import { Documents } from "./documents.ts";
import { isOfQuery } from "./instances.ts";
import { Known } from "./known.ts";
import { RuleUse } from "./rule-use.ts";
import { Scope } from "./scope.ts";
import { shownBody, shownModule } from "./shown.ts";
import { type SupportModule, SupportRules } from "./support.ts";
import { Unfolding } from "./unfolding.ts";
import { Unknowns } from "./unknowns.ts";
import { termOf } from "./values.ts";

export interface PartialRequest {
  readonly query: CheckedQuery;
  /** Paths from `input` or `data` on. */
  readonly unknowns: readonly (readonly Term[])[];
  /** Paths of documents that stay documents of their own. */
  readonly kept?: readonly (readonly Term[])[];
  /** All rules that depend on what is not known stay rules. */
  readonly isShallow?: boolean;
  /** Builtins whose results vary are called. */
  readonly callsVarying?: boolean;
  /** JSON texts. */
  readonly data: string;
  readonly input: string | undefined;
  readonly instance: InstanceOptions;
  readonly evaluate: EvaluateOptions;
}

export interface Partial {
  readonly kind: "partial";
  /** The query holds where one of them does; an empty one always does. */
  readonly queries: readonly Body[];
  readonly support: readonly SupportModule[];
  /** What was printed where nothing unknown was printed. */
  readonly prints: readonly string[];
}

export type PartialOutcome =
  | Partial
  | { readonly kind: "error"; readonly error: EvaluationError; readonly prints: readonly string[] };

/** Queries after which rules are kept as rules. */
const mostQueries = 4000;
/** The package of the rules that are left. */
const namespace = "partial";

/** `checked` is complete. What would go on without end, or into too many queries, is kept whole. */
export function partialEvaluation(checked: Checked, request: PartialRequest): PartialOutcome {
  const found =
    unfolded(checked, request, request.isShallow === true) ?? (request.isShallow ? undefined : unfolded(checked, request, true));
  return found ?? { kind: "partial", queries: [shownBody(request.query.body)], support: [], prints: [] };
}

/** Undefined where it would be too large. */
function unfolded(checked: Checked, request: PartialRequest, keepsRules: boolean): PartialOutcome | undefined {
  const { query, kept = [], isShallow = false, data, input } = request;
  const scope = new Scope();
  const known = new Known(checked, request);
  const unknowns = new Unknowns({ checked, paths: request.unknowns, kept, calls: request.callsVarying === true });
  const unfolding = new Unfolding({ scope, known, unknowns, checked, isShallow, keepsRules });
  const support = new SupportRules(namespace);
  unfolding.documents = new Documents(unfolding, documentOf(data), input === undefined ? undefined : documentOf(input));
  unfolding.rules = new RuleUse(unfolding, support);
  // As in OPA, what a variable of `:=` is assigned is not said.
  const asked = new Set([...varsOfBody(query.body).keys()].filter((name) => !isGenerated(name)));
  for (const [root] of request.unknowns) if (root?.kind === "var") asked.add(root.name);
  const queries: Body[] = [];
  unfolding.body(query.body, 0, () => {
    const body = [...scope.left, ...bound(scope)];
    if (!unfolding.mayHold(body)) return;
    queries.push(unfolding.propagated(body, (name) => asked.has(name)));
    unfolding.count(queries.length > mostQueries);
  });
  const { prints } = known;
  if (known.failure !== undefined) return { kind: "error", error: known.failure, prints };
  if (unfolding.isTooLarge) return undefined;
  return { kind: "partial", queries: queries.map(shownBody), support: support.modules().map(shownModule), prints };
}

/** What the variables of the query have come to, generated ones too. */
function bound(scope: Scope): readonly Expr[] {
  return scope.names
    .filter(isOfQuery)
    .sort(compareStrings)
    .map((name) => {
      const variable = varTerm(name, { start: 0, end: 0 });
      return unification(variable, scope.plug(variable));
    });
}

function documentOf(json: string): Term {
  return termOf(readRegoText(json));
}
