// Rows and columns of what was reached. As in OPA, a term is as long as its text there: that of one in parentheses has them, though it begins behind them.
import type { CheckedModule } from "#analysis/rego/checked.ts";
import { type Node, walkRule } from "#analysis/rego/tree/walk.ts";
import { oncePer } from "#grammars/once-per.ts";
import type { Range } from "#grammars/rego/ast.ts";
import { toldText } from "#grammars/rego/told-text.ts";
import { LineIndex, type RowCol } from "#grammars/text/lines.ts";

export interface PlacedRange {
  readonly start: RowCol;
  readonly end: RowCol;
}

/** What is reached and what is not is told of the same module, once for each kind. */
export const coveredPlaces = oncePer((module: CheckedModule) => new CoveredPlaces(module));

class CoveredPlaces {
  readonly #lines: LineIndex;
  readonly #text: string;
  /** By the range of a term, the text that OPA has for it where it is another one. */
  readonly #told = new Map<string, Range>();
  /** Terms that are an expression as a whole: it has the place of what is written. */
  readonly #whole = new Set<Node>();

  constructor({ text, source }: CheckedModule) {
    this.#lines = new LineIndex(text);
    this.#text = text;
    for (const rule of source.rules) walkRule(rule, (node) => this.#note(node));
  }

  #note(node: Node): undefined {
    switch (node.kind) {
      case "expr":
        if (node.start === node.body.start && node.end === node.body.end) this.#whole.add(node.body);
        return undefined;
      case "some":
      case "every":
      case "notBody":
      case "logical":
        return undefined;
      default: {
        const told = toldText(this.#text, node);
        if (!this.#whole.has(node) && (told.start !== node.start || told.end !== node.end)) this.#told.set(keyOf(node), told);
        return undefined;
      }
    }
  }

  written({ start, end }: Range): PlacedRange {
    return { start: this.#lines.rowCol(start), end: this.#lines.rowColOfEnd(end) };
  }

  told(place: Range): PlacedRange {
    const told = this.#told.get(keyOf(place));
    if (told === undefined) return this.written(place);
    const start = this.#lines.rowCol(place.start);
    const lines = this.#text.slice(told.start, told.end).split("\n");
    const width = [...lines.at(-1)!].length;
    return { start, end: { row: start.row + lines.length - 1, col: (lines.length > 1 ? 1 : start.col) + width } };
  }
}

function keyOf({ start, end }: Range): string {
  return `${start}:${end}`;
}
