// Where the nodes of a tree stand, as `opa parse --json-include locations` says it: OPA's parser (v1/ast/parser.go) notes the row and column
// of a node's first token, and beside it a text that for some nodes begins or ends elsewhere. Those texts are part of what tools read.
import { firstIndex } from "#grammars/first-index.ts";
import type { Call, Expr, Range, Ref, Rule, Term } from "#grammars/rego/ast.ts";
import { partsOf } from "#grammars/rego/nodes.ts";
import type { Token } from "#grammars/rego/tokens.ts";
import { firstOf, isNegation, lastToken, toldText } from "#grammars/rego/told-text.ts";
import { cutToFirstByte } from "#grammars/text/broken-bytes.ts";
import { LineIndex } from "#grammars/text/lines.ts";
import { base64Of } from "./base64.ts";

/** As OPA writes it; the text is base64, as Go writes bytes, and missing where there is none. */
export interface TreePlace {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly text?: string;
}

export interface PlacedSource {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The places of one module's nodes. */
export class TreePlaces {
  readonly #source: PlacedSource;
  readonly #lines: LineIndex;

  constructor(source: PlacedSource) {
    this.#source = source;
    this.#lines = new LineIndex(source.text);
  }

  /** Row and column of an offset, with the text of a range. */
  at(offset: number, { start, end }: Range): TreePlace {
    return this.told(offset, this.#source.text.slice(start, end));
  }

  /** Row and column of an offset, with a text that is told. */
  told(offset: number, text: string): TreePlace {
    const { row, col } = this.#lines.rowCol(offset);
    return { file: this.#source.file, row, col, ...(text === "" ? {} : { text: base64Of(text) }) };
  }

  range(range: Range): TreePlace {
    return this.at(range.start, range);
  }

  /** A comment with all that stands before the line feed; one that ends the text lacks what its last character has beside its first byte. */
  line({ start }: Range): TreePlace {
    const { text } = this.#source;
    const end = text.indexOf("\n", start);
    return end < 0 ? this.told(start, cutToFirstByte(text.slice(start))) : this.at(start, { start, end });
  }

  /** The first letters of a node: `some`, `every`, `default`, `import`, `package`. */
  word({ start }: Range, length: number): TreePlace {
    return this.at(start, { start, end: start + length });
  }

  /** The text of a middle operand (`v + 1` in `k, v + 1 in xs`) begins where the first one does: `from` says so. */
  term(term: Term, from?: number): TreePlace {
    return this.at(firstOf(term), toldText(this.#source.text, term, from));
  }

  /** The operator of a call: its text goes to the parenthesis, that of an infix operator is the operator. Negation has none. */
  operator(call: Call): TreePlace | undefined {
    if (isNegation(call)) return undefined;
    return call.infix === undefined ? this.called(call.operator) : this.range(call.operator);
  }

  /** What is called, with all before its arguments. */
  called(operator: Ref): TreePlace {
    const first = operator.parts[0]!;
    return this.at(firstOf(first), { start: lastToken(this.#source.text, first), end: this.#tokenFrom(operator.end, "(") });
  }

  /** A constant rule that was read as an expression is told at what its expression was. */
  constant({ head, start, end }: Rule): TreePlace {
    if (head.value !== undefined) return this.range({ start, end });
    const parts = partsOf(head.reference);
    if (head.args !== undefined) return this.called({ kind: "ref", parts, start: parts[0]!.start, end: parts.at(-1)!.end });
    return this.at(firstOf(parts[0]!), { start: lastToken(this.#source.text, parts[0]!), end });
  }

  /** True for what `not` stands before without a parenthesis around it. */
  followsNot(not: Range, inner: Expr): boolean {
    return this.#tokenAfter(not.start) === inner.start;
  }

  #tokenFrom(offset: number, image: string): number {
    const { tokens } = this.#source;
    let at = this.#indexFrom(offset);
    while (at < tokens.length - 1 && tokens[at]!.image !== image) at++;
    return tokens[at]?.startOffset ?? offset;
  }

  #tokenAfter(offset: number): number | undefined {
    return this.#source.tokens[this.#indexFrom(offset + 1)]?.startOffset;
  }

  /** The first token that begins at the offset or behind it. */
  #indexFrom(offset: number): number {
    const { tokens } = this.#source;
    return firstIndex(tokens.length, (at) => tokens[at]!.startOffset < offset);
  }
}
