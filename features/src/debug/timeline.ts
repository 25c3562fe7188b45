// The events of a recording by their queries: what a query did last, whom it was asked by, and where a step stops.
import type { ExplainedEvent, ExplainedOp } from "#evaluation/explanation.ts";
import type { Recording } from "#evaluation/recording/recording.ts";
import type { Places, Stop } from "./places.ts";

const none = -1;

export class Timeline {
  readonly recording: Recording;
  readonly places: Places;
  /** The queries that nobody asks, in their order. */
  readonly roots: readonly number[];
  readonly #events: readonly ExplainedEvent[];
  /** By query. */
  readonly #parents: Int32Array;
  /** The events of each query, one query behind the other. */
  readonly #ofQueries: Int32Array;
  readonly #begins: Int32Array;
  /** By event, its position in `#ofQueries`. */
  readonly #positions: Int32Array;
  readonly #known = new Map<string, ReadonlySet<number>>();
  readonly #skipped: ReadonlySet<ExplainedOp> | undefined;

  /** `skipped`: every event but those of these kinds is a step; without it steps are what a reader takes for one. */
  constructor(recording: Recording, places: Places, skipped?: ReadonlySet<ExplainedOp>) {
    this.recording = recording;
    this.places = places;
    this.#skipped = skipped;
    const { events } = recording;
    this.#events = events;
    const queries = events.reduce((most, { query }) => Math.max(most, query), 0) + 1;
    this.#parents = new Int32Array(queries).fill(none);
    this.#begins = new Int32Array(queries + 1);
    for (const event of events) {
      this.#begins[event.query + 1]!++;
      if (!isRootQuery(event) && event.parent !== event.query) this.#parents[event.query] = event.parent;
    }
    for (const { op, query, node, mark } of events)
      if (op === "Enter" && node.kind === "body" && mark.kind === "query" && mark.of === "query") this.#parents[query] = none;
    for (let query = 0; query < queries; query++) this.#begins[query + 1]! += this.#begins[query]!;
    const isRoot = (query: number): boolean =>
      this.parent(query) === undefined && this.#begins[query] !== this.#begins[query + 1];
    this.roots = [...this.#parents.keys()].filter(isRoot);
    const next = this.#begins.slice();
    this.#ofQueries = new Int32Array(events.length);
    this.#positions = new Int32Array(events.length);
    for (const [at, { query }] of events.entries()) {
      this.#positions[at] = next[query]!;
      this.#ofQueries[next[query]!++] = at;
    }
  }

  get length(): number {
    return this.#events.length;
  }

  event(at: number): ExplainedEvent {
    return this.#events[at]!;
  }

  stop(at: number): Stop | undefined {
    return this.places.stopOf(this.event(at));
  }

  /** The events from which on a rule has a value. */
  knownFrom(ref: string): ReadonlySet<number> {
    const known = this.#known.get(ref);
    if (known !== undefined) return known;
    const found = new Set(this.recording.known.flatMap(({ event, added }) => (added?.[0] === ref ? [event] : [])));
    this.#known.set(ref, found);
    return found;
  }

  /** The last event of a query that nobody asks, and of all that it led to. */
  lastOf(root: number): number {
    const next = this.roots[this.roots.indexOf(root) + 1];
    return next === undefined ? this.length - 1 : this.first(next) - 1;
  }

  /** The query that asks a query. */
  parent(query: number): number | undefined {
    const parent = this.#parents[query] ?? none;
    return parent === none ? undefined : parent;
  }

  /** True for a query that another one leads to, over however many between them. */
  isBelow(query: number, other: number): boolean {
    for (let at = this.parent(query); at !== undefined; at = this.parent(at)) if (at === other) return true;
    return false;
  }

  /** The last event of a query up to another event. */
  latest(query: number, until: number): number | undefined {
    let [low, high] = [this.#begins[query]!, this.#begins[query + 1]!];
    const begin = low;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ofQueries[middle]! <= until) low = middle + 1;
      else high = middle;
    }
    return low === begin ? undefined : this.#ofQueries[low - 1];
  }

  /** The first event of a query that is kept. */
  first(query: number): number {
    return this.#ofQueries[this.#begins[query]!]!;
  }

  /** The event that tells what a query is: where it is entered or, if that is not kept, where it has a result. */
  opening(query: number): number {
    const first = this.first(query);
    for (let at: number | undefined = first; at !== undefined; at = this.after(at)) {
      const { op, node } = this.event(at);
      if (op === "Enter" || node.kind !== "expr") return at;
    }
    return first;
  }

  /** The event of the same query before an event. */
  before(at: number): number | undefined {
    const position = this.#positions[at]!;
    return position === this.#begins[this.event(at).query]! ? undefined : this.#ofQueries[position - 1];
  }

  after(at: number): number | undefined {
    const position = this.#positions[at]! + 1;
    return position === this.#begins[this.event(at).query + 1]! ? undefined : this.#ofQueries[position];
  }

  /** True where an expression or rule is come to, not gone back to, and not by a part of what it was made into. */
  isArrival(at: number): boolean {
    const { op, node } = this.event(at);
    const stop = this.stop(at);
    if (stop === undefined || this.isInner(at)) return false;
    if (op === "Enter") return node.kind === "rule";
    const before = this.before(at);
    return op === "Eval" && (before === undefined || this.event(before).node.kind !== "expr" || this.stop(before) !== stop);
  }

  /** True in the queries of what a written expression was made into: their places are that of the expression. */
  isInner(at: number): boolean {
    const { query, node } = this.event(at);
    const parent = this.parent(query);
    const asking = parent === undefined ? undefined : this.latest(parent, at);
    if (asking === undefined || node.kind === "rule") return false;
    return this.stop(asking) !== undefined && this.stop(asking) === this.stop(at);
  }

  /** True where a step stops. */
  isStep(at: number): boolean {
    const { op, node, query } = this.event(at);
    if (this.#skipped !== undefined) return !this.#skipped.has(op);
    switch (op) {
      case "Enter":
      case "Eval":
        return this.isArrival(at);
      case "Exit":
        return node.kind === "rule" || (node.kind === "body" && this.parent(query) === undefined);
      case "Fail":
        return this.#isLastFailure(at);
      case "Note":
        return true;
      case "Redo":
      case "Index":
      case "Duplicate":
      case "TestCase":
        return false;
    }
  }

  /** Of the parts that an expression was made into the last one that fails is told. */
  #isLastFailure(at: number): boolean {
    const stop = this.stop(at);
    if (stop === undefined || this.isInner(at)) return false;
    let next = this.after(at);
    while (next !== undefined && this.event(next).op === "Redo" && this.stop(next) === stop) next = this.after(next);
    const goesOn = next !== undefined && (this.event(next).op === "Eval" || this.event(next).op === "Fail");
    return !goesOn || this.stop(next!) !== stop;
  }
}

function isRootQuery({ query, parent }: ExplainedEvent): boolean {
  return query === parent;
}
