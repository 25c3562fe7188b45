// What became of the expressions of clauses in some of the queries of an evaluation: of all of them, or of those that answer one call.
import type { ExplainedEvent } from "#evaluation/explanation.ts";
import type { Explained } from "#evaluation/explanation-text.ts";
import type { Range } from "#grammars/rego/ast.ts";

/** What became of one compiled expression: how often it was asked and failed, and its place in its body. */
export interface Part {
  readonly range: Range;
  readonly index: number;
  asked: number;
  failed: number;
  lastFailed: ExplainedEvent | undefined;
  /** When it held last, with the variables that it gave values. */
  lastHeld: ExplainedEvent | undefined;
  /** When it was tried last by each query, by the number of the event. */
  readonly begun: Map<number, number>;
  /** The query in which it failed last, and the number of that event. */
  failedAt: { readonly query: number; readonly at: number } | undefined;
}

interface Tried {
  readonly part: Part;
  readonly event: ExplainedEvent;
}

/** An event with its number. */
export type Numbered = readonly [at: number, event: ExplainedEvent];

export const keyOf = (file: string, { start }: Range): string => `${file}:${start}`;

export class WhyNotes {
  readonly #explained: Explained;
  /** By file. */
  readonly #parts = new Map<string, Part[]>();
  /** Of each query the expressions that it has tried, by their places in its body. */
  readonly #tried = new Map<number, Tried[]>();
  readonly #inner = new Set<number>();
  /** How often. */
  readonly #entered = new Map<string, number>();
  /** The clauses that held, with what they first held for. */
  readonly #held = new Map<string, ExplainedEvent>();

  constructor(explained: Explained, events: Iterable<Numbered>) {
    this.#explained = explained;
    for (const [at, event] of events) this.#note(event, at);
  }

  #note(event: ExplainedEvent, at: number): void {
    const { op, node, query } = event;
    const file = this.#explained.fileOf(event);
    if (node.kind === "rule") {
      const key = keyOf(file, node.rule);
      if (op === "Enter") this.#entered.set(key, (this.#entered.get(key) ?? 0) + 1);
      if (op === "Exit" && !this.#held.has(key)) this.#held.set(key, event);
    }
    if (op === "Exit" && node.kind !== "expr") this.#goneOn(event, Number.POSITIVE_INFINITY);
    // What stands within an expression, below `not` or in a comprehension, is told with it.
    if (op === "Enter" && node.kind === "body") this.#inner.add(query);
    if (node.kind !== "expr" || (op !== "Eval" && op !== "Fail") || this.#inner.has(query)) return;
    const part = this.#partAt(event, file, node.index);
    if (op === "Fail") {
      part.failed += 1;
      part.lastFailed = event;
      part.failedAt = { query, at };
      return;
    }
    part.asked += 1;
    part.begun.set(query, at);
    this.#goneOn(event, node.index);
    const tried = this.#tried.get(query) ?? [];
    this.#tried.set(query, tried);
    tried[node.index] = { part, event };
  }

  #partAt(event: ExplainedEvent, file: string, index: number): Part {
    const range = this.#explained.rangeOf(event);
    const parts = this.#parts.get(file) ?? [];
    this.#parts.set(file, parts);
    const known = parts.find((one) => one.range.start === range.start && one.range.end === range.end && one.index === index);
    if (known !== undefined) return known;
    const nothing = { lastFailed: undefined, lastHeld: undefined, failedAt: undefined };
    const part: Part = { range, index, asked: 0, failed: 0, begun: new Map(), ...nothing };
    parts.push(part);
    return part;
  }

  /** A query has come to a place in its body: what it tried last before that has held. */
  #goneOn({ query, locals, known, cache }: ExplainedEvent, index: number): void {
    const before = this.#tried.get(query)?.findLast((one, at) => one !== undefined && at < index);
    if (before !== undefined) before.part.lastHeld = { ...before.event, locals, known, cache };
  }

  partsOf(file: string, { start, end }: Range): readonly Part[] {
    return (this.#parts.get(file) ?? []).filter(({ range }) => start <= range.start && range.end <= end);
  }

  /** How often a clause was entered. */
  entered(key: string): number {
    return this.#entered.get(key) ?? 0;
  }

  /** What a clause first held for. */
  held(key: string): ExplainedEvent | undefined {
    return this.#held.get(key);
  }
}
