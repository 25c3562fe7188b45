// Rows and columns of what was reached. As in OPA, a term in parentheses begins behind them and is as long as the text with them.
import type { CheckedModule } from "#analysis/rego/checked.ts";
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import type { Range, Term } from "#grammars/rego/ast.ts";
import { outerStart } from "#grammars/rego/nodes.ts";
import { LineIndex, type RowCol } from "#grammars/text/lines.ts";

export interface PlacedRange {
  readonly start: RowCol;
  readonly end: RowCol;
}

export class CoveredPlaces {
  readonly #lines: LineIndex;
  readonly #text: string;
  /** By the range of a term, the text that OPA has for it where that one is longer. */
  readonly #longer = new Map<string, Range>();

  constructor({ text, source }: Pick<CheckedModule, "text" | "source">) {
    this.#lines = new LineIndex(text);
    this.#text = text;
    if (!text.includes("(")) return;
    for (const rule of source.rules) walkRule(rule, (node) => this.#note(node));
  }

  #note(node: Node): undefined {
    const whole = "grouped" in node ? node.grouped : undefined;
    if (whole === undefined && node.kind !== "call") return undefined;
    const { start, end } = whole ?? { start: outerStart(node as Term), end: node.end };
    if (end - start > node.end - node.start) this.#longer.set(`${node.start}:${node.end}`, { start, end });
    return undefined;
  }

  written({ start, end }: Range): PlacedRange {
    return { start: this.#lines.rowCol(start), end: this.#lines.rowColOfEnd(end) };
  }

  told(place: Range): PlacedRange {
    const longer = this.#longer.get(`${place.start}:${place.end}`);
    if (longer === undefined) return this.written(place);
    const start = this.#lines.rowCol(place.start);
    const lines = this.#text.slice(longer.start, longer.end).split("\n");
    const width = [...lines.at(-1)!].length;
    return { start, end: { row: start.row + lines.length - 1, col: (lines.length > 1 ? 1 : start.col) + width } };
  }
}
