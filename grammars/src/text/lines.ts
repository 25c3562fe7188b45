// Offsets ⇄ rows and columns: OPA's (from 1, columns in code points) and the protocol's (from 0, UTF-16 units).

export interface RowCol {
  /** From 1; a line feed ends a row. */
  readonly row: number;
  /** From 1, in code points. */
  readonly col: number;
}

export interface LineCharacter {
  readonly line: number;
  readonly character: number;
}

/** The lines of one text. */
export class LineIndex {
  readonly text: string;
  private readonly starts: readonly number[];
  /** The line found last: the next offset asked for is often near. */
  private last = 0;
  /** Whether some characters take two units; looked for when a column is asked for. */
  private wide: boolean | undefined;

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The 0-based line that holds the offset. */
  lineOf(offset: number): number {
    const { starts, last } = this;
    let low = 0;
    let high = starts.length - 1;
    if (starts[last]! <= offset) {
      low = last;
      for (const end = Math.min(last + 4, high); low < end; low++) if (starts[low + 1]! > offset) break;
      if (low === high || starts[low + 1]! > offset) high = low;
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    this.last = low;
    return low;
  }

  /** Where the 0-based line starts; the end of the text for lines behind it. */
  lineStart(line: number): number {
    return line < 0 ? 0 : (this.starts[line] ?? this.text.length);
  }

  /** The text of the 0-based line, without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineStart(line + 1)).replace(/\r?\n$/, "");
  }

  /** Where OPA says that something at the offset begins: a line feed counts as column 0 of the next row, the end of the text as the column before it. */
  rowCol(offset: number): RowCol {
    const { row, col } = this.rowColOfEnd(offset);
    if (this.text[offset] === "\n") return { row: row + 1, col: 0 };
    return offset >= this.text.length ? { row, col: col - 1 } : { row, col };
  }

  /** The same for where something ends, which may be the end of a row. */
  rowColOfEnd(offset: number): RowCol {
    const line = this.lineOf(offset);
    this.wide ??= /[\ud800-\udbff]/.test(this.text);
    if (!this.wide) return { row: line + 1, col: Math.max(offset - this.starts[line]!, 0) + 1 };
    let col = 1;
    for (let at = this.starts[line]!; at < offset; col++) at += this.text.codePointAt(at)! > 0xffff ? 2 : 1;
    return { row: line + 1, col };
  }

  /** The offset of a row and a column as OPA counts them; a column behind the end of its row is that end. */
  offsetAt({ row, col }: RowCol): number {
    const characters = [...this.lineText(row - 1)].slice(0, Math.max(0, col - 1));
    return this.lineStart(row - 1) + characters.join("").length;
  }

  lineCharacter(offset: number): LineCharacter {
    const line = this.lineOf(offset);
    return { line, character: offset - this.starts[line]! };
  }

  /** The offset of a protocol position; positions outside are moved to the nearest place. */
  offset(position: LineCharacter): number {
    if (position.line < 0) return 0;
    const start = this.lineStart(position.line);
    return Math.min(start + Math.max(0, position.character), this.lineStart(position.line + 1));
  }
}
