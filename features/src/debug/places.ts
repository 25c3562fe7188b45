// Where the events of a recording stand: compiled expressions are shown as the written ones that they were made of.
import type { Checked } from "#analysis/rego/checked.ts";
import { walkBody, walkRule } from "#analysis/rego/tree/walk.ts";
import { markerPlace } from "#evaluation/coverage.ts";
import type { ExplainedEvent, ExplainedNode } from "#evaluation/explanation.ts";
import { type Explained, queryFile, walkAll } from "#evaluation/explanation-text.ts";
import type { Body, Module, Range, Rule } from "#grammars/rego/ast.ts";
import { LineIndex } from "#grammars/text/lines.ts";

/** A place where an evaluation can stop: an expression of a body, or the head of a rule or branch. */
export interface Stop {
  readonly file: string;
  readonly range: Range;
  readonly kind: "head" | "expression";
  /** Rows count from 1. */
  readonly row: number;
  readonly lastRow: number;
}

interface Written {
  readonly text: string;
  readonly lines: LineIndex;
  /** The written expressions, those around others first. */
  readonly expressions: readonly Range[];
  readonly stops: Map<string, Stop>;
}

export class Places {
  readonly #explained: Explained;
  readonly #checked: Checked;
  readonly #written = new Map<string, Written>();
  readonly #stopOf = new Map<object, Stop | undefined>();
  readonly #stopsIn = new Map<string, readonly Stop[]>();

  /** Without a query what asks the rules stands nowhere. */
  constructor(checked: Checked, explained: Explained, query: { readonly text: string; readonly body: Body } | undefined) {
    this.#checked = checked;
    this.#explained = explained;
    if (query !== undefined) this.#add(queryFile, query.text, (note) => walkBody(query.body, note));
    for (const { file, text, source } of checked.modules) this.#add(file, text, (note) => walkSource(source, note));
  }

  textOf(file: string): string | undefined {
    return this.#written.get(file)?.text;
  }

  fileOf(event: Pick<ExplainedEvent, "file">): string {
    return this.#explained.fileOf(event);
  }

  /** Where an event is shown; undefined for what nobody wrote. */
  stopOf(event: Pick<ExplainedEvent, "file" | "node">): Stop | undefined {
    const key = keyOf(event.node);
    const known = this.#stopOf.get(key);
    if (known !== undefined || this.#stopOf.has(key)) return known;
    const stop = this.#newStop(this.fileOf(event), event.node);
    this.#stopOf.set(key, stop);
    return stop;
  }

  /** All places of a file where an evaluation can stop, in the order of the text. */
  stopsIn(file: string): readonly Stop[] {
    const known = this.#stopsIn.get(file);
    if (known !== undefined) return known;
    const found = new Set<Stop>();
    const note = (node: ExplainedNode): void => {
      const stop = this.#newStop(file, node);
      if (stop !== undefined) found.add(stop);
    };
    for (const rule of this.#checked.modules.find((one) => one.file === file)?.module.rules ?? []) {
      for (let branch: Rule | undefined = rule; branch !== undefined; branch = branch.else) note({ kind: "rule", rule: branch });
      walkAll(rule, (node) => {
        if (node.kind === "expr") note({ kind: "expr", expr: node, index: 0 });
        return undefined;
      });
    }
    const stops = [...found].sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
    this.#stopsIn.set(file, stops);
    return stops;
  }

  #add(file: string, text: string, walkAllOf: (note: (node: { kind: string } & Range) => undefined) => void): void {
    const expressions: Range[] = [];
    walkAllOf((node) => {
      if (node.kind === "expr" && node.start < node.end) expressions.push(node);
      return undefined;
    });
    expressions.sort((a, b) => a.start - b.start || b.end - a.end);
    this.#written.set(file, { text, lines: new LineIndex(text), expressions, stops: new Map() });
  }

  #newStop(file: string, node: ExplainedNode): Stop | undefined {
    const written = this.#written.get(file);
    if (written === undefined) return undefined;
    if (node.kind === "rule") {
      const { start, end } = markerPlace(node.rule);
      return stopAt(file, written, "head", { start, end: Math.max(end, node.rule.head.end) });
    }
    // The body of a rule that was written without one.
    if (node.kind === "expr" && node.expr.generated === true && node.expr.body.kind === "boolean") return undefined;
    const range = this.#explained.rangeOf({ node });
    if (range.start >= range.end) return undefined;
    return stopAt(file, written, "expression", innermost(written.expressions, range) ?? range);
  }
}

function walkSource(source: Module, note: (node: { kind: string } & Range) => undefined): void {
  for (const rule of source.rules) walkRule(rule, note);
}

function keyOf(node: ExplainedNode): object {
  return node.kind === "expr" ? node.expr : node.kind === "rule" ? node.rule : node.body;
}

/** The same object for the same place. */
function stopAt(file: string, { lines, stops }: Written, kind: Stop["kind"], { start, end }: Range): Stop {
  const key = `${kind} ${start} ${end}`;
  const known = stops.get(key);
  if (known !== undefined) return known;
  const { row } = lines.rowCol(start);
  const stop: Stop = { file, range: { start, end }, kind, row, lastRow: lines.rowColOfEnd(end).row };
  stops.set(key, stop);
  return stop;
}

/** The shortest of the ranges that hold another one; they are sorted by their starts. */
function innermost(ranges: readonly Range[], { start, end }: Range): Range | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.start <= start) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0; at--) if (ranges[at]!.end >= end) return ranges[at];
  return undefined;
}
