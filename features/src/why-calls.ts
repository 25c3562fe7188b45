// The calls of functions in an evaluation, each with what became of the clauses for it: a function that is called often is told for one call.
import type { ExplainedEvent } from "#evaluation/explanation.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import { keyOf, type Numbered, type Part, WhyNotes } from "./why-notes.ts";

export interface WhyCall {
  readonly notes: WhyNotes;
  /** As Rego text; `_` for what is not known. */
  readonly args: readonly string[];
}

/** A clause of a function that was entered. */
interface Entered {
  readonly at: number;
  readonly query: number;
  readonly parent: number;
  readonly key: string;
}

/** So many calls in one expression are told: the last ones. */
const mostCalls = 3;

export class WhyCalls {
  readonly #explained: Explained;
  readonly #byQuery = new Map<number, Numbered[]>();
  readonly #entered: Entered[] = [];
  /** Of the queries of bodies within an expression, the query around them. */
  readonly #around = new Map<number, number>();

  constructor(explained: Explained, events: readonly ExplainedEvent[]) {
    this.#explained = explained;
    for (const [at, event] of events.entries()) {
      const { op, node, query, parent } = event;
      const own = this.#byQuery.get(query) ?? [];
      this.#byQuery.set(query, own);
      own.push([at, event]);
      if (op !== "Enter") continue;
      if (node.kind === "body") this.#around.set(query, parent);
      else if (node.kind === "rule" && node.rule.head.args !== undefined)
        this.#entered.push({ at, query, parent, key: keyOf(explained.fileOf(event), node.rule) });
    }
  }

  /** The calls of a function, given by its clauses, that an expression made when it failed last; its parts in the order of its body. */
  of(clauses: ReadonlySet<string>, parts: readonly Part[]): readonly WhyCall[] {
    const failed = parts.toSorted((a, b) => a.index - b.index).findLast(({ failedAt }) => failedAt !== undefined)?.failedAt;
    if (failed === undefined) return [];
    const { query, at } = failed;
    const begun = Math.min(...parts.flatMap((part) => part.begun.get(query) ?? []), at);
    const own = this.#entered.filter(({ key }) => clauses.has(key));
    const made = this.#grouped(own.filter((one) => begun < one.at && one.at < at && this.#isBelow(one.parent, query)));
    if (made.length > 0) return made.slice(-mostCalls).map((group) => this.#call(group));
    // The result of an earlier call with the same arguments was there already.
    const earlier = this.#grouped(own.filter((one) => one.at < at)).map((group) => this.#call(group));
    const given = new Set(this.#valuesAt(query, at));
    const same = earlier.findLast(({ args }) => args.every((arg) => arg === "_" || given.has(arg))) ?? earlier.at(-1);
    return same === undefined ? [] : [same];
  }

  /** True for a query, and for the bodies within its expressions. */
  #isBelow(query: number, above: number): boolean {
    let at: number | undefined = query;
    while (at !== undefined && at !== above) at = this.#around.get(at);
    return at === above;
  }

  /** Those that answer one call: nothing was asked between them by who called. */
  #grouped(entered: readonly Entered[]): readonly (readonly Entered[])[] {
    return [...Map.groupBy(entered, ({ parent, at }) => this.#askedBefore(parent, at)).values()];
  }

  #askedBefore(query: number, before: number): number | undefined {
    return this.#byQuery.get(query)?.findLast(([at, { op }]) => at < before && op === "Eval")?.[0];
  }

  #call(entered: readonly Entered[]): WhyCall {
    const events = entered.flatMap(({ query }) => this.#byQuery.get(query) ?? []);
    return { notes: new WhyNotes(this.#explained, events), args: argsOf(events) };
  }

  /** What variables are when the query is at an event. */
  #valuesAt(query: number, at: number): Iterable<string> {
    return (
      this.#byQuery
        .get(query)
        ?.find(([number]) => number === at)?.[1]
        .locals.values() ?? []
    );
  }
}

/** What the parameters are in the first expression that is asked. */
function argsOf(events: readonly Numbered[]): readonly string[] {
  const rule = events.find(([, { node }]) => node.kind === "rule")?.[1].node;
  const first = events.find(([, { op }]) => op === "Eval")?.[1];
  const params = rule?.kind === "rule" ? (rule.rule.head.args ?? []) : [];
  return params.map((param) => (param.kind === "var" ? (first?.locals.get(param.name) ?? "_") : "_"));
}
