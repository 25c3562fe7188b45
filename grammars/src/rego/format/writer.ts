// The text that formatting builds, and the comments that wait for their row.
import type { Comment } from "../ast.ts";

/** Two comments want the end of one line: what holds them stays as it was written. */
export class CommentClash extends Error {}

interface PlacedComment {
  readonly comment: Comment;
  readonly row: number;
  readonly col: number;
}

interface Saved {
  readonly text: string;
  readonly level: number;
  readonly comments: readonly PlacedComment[];
}

function textOf({ comment }: PlacedComment): string {
  return `#${comment.text}`.trimEnd();
}

function isMetadata({ comment, col }: PlacedComment): boolean {
  return col === 0 && comment.text.trimStart().startsWith("METADATA");
}

export class FormatWriter {
  level = 0;
  inline = false;
  /** Keeps the waiting comment for the line after the one that ends now. */
  delay = false;
  commentOnFinalLine = false;
  #text = "";
  #comments: readonly PlacedComment[];
  #beforeEnd: PlacedComment | undefined;

  constructor(comments: readonly PlacedComment[]) {
    this.#comments = comments;
  }

  get hasComments(): boolean {
    return this.#comments.length > 0;
  }

  /** The row of the comment that waits first. */
  get nextCommentRow(): number | undefined {
    return this.#comments[0]?.row;
  }

  dropComments(): void {
    this.#comments = [];
  }

  write(text: string): void {
    this.#text += text;
  }

  startLine(): void {
    this.inline = true;
    this.#text += "\t".repeat(this.level);
  }

  endLine(): void {
    this.inline = false;
    if (this.#beforeEnd !== undefined && !this.delay) {
      this.#text += ` ${textOf(this.#beforeEnd)}`;
      this.#beforeEnd = undefined;
    }
    this.delay = false;
    this.#text += "\n";
  }

  blankLine(): void {
    if (this.inline) this.endLine();
    this.#text += "\n";
  }

  #writeLine(text: string): void {
    if (!this.inline) this.startLine();
    this.#text += text;
    this.endLine();
  }

  #writeComments(comments: readonly PlacedComment[]): void {
    let metadata = false;
    comments.forEach((one, i) => {
      const before = comments[i - 1];
      if (before !== undefined && one.row - before.row > 1) {
        this.blankLine();
        metadata = false;
      } else if (before !== undefined && metadata && isMetadata(one)) this.blankLine();
      if (isMetadata(one)) metadata = true;
      this.#writeLine(textOf(one));
    });
  }

  /** Writes the comments above the row; one on the row waits for the end of the line. */
  insertComments(row: number): void {
    if (this.#comments.length === 0 || this.#comments[0]!.row > row) {
      if (this.#comments.length === 0 || this.#comments.every((one) => one.row > row)) return;
    }
    const before = this.#comments.filter((one) => one.row < row);
    const at = this.#comments.findLast((one) => one.row === row);
    this.#comments = this.#comments.filter((one) => one.row > row);
    this.#writeComments(before);
    const last = before.at(-1);
    if (last !== undefined && row - last.row > 1) this.blankLine();
    if (at === undefined) return;
    if (this.#beforeEnd !== undefined) {
      this.#beforeEnd = undefined;
      throw new CommentClash();
    }
    this.#beforeEnd = at;
  }

  /** Behind the `{` of a template's hole: comments above the row begin on the line of the brace. */
  openHole(row: number): void {
    if (this.#beforeEnd !== undefined) {
      this.endLine();
      this.startLine();
      return;
    }
    const before = this.#comments.filter((one) => one.row < row);
    if (before.length === 0) return;
    this.#comments = this.#comments.filter((one) => one.row >= row);
    this.#text += " ";
    this.inline = true;
    this.#writeComments(before);
  }

  /** Before the `}` of a hole: the comments above the row of what follows. */
  closeHole(row: number): void {
    const before = this.#comments.filter((one) => one.row < row);
    if (before.length === 0) return;
    this.#comments = this.#comments.filter((one) => one.row >= row);
    this.endLine();
    this.#writeComments(before);
    this.startLine();
  }

  /** The text of a comment on the row, which is not written otherwise. */
  takeCommentOn(row: number): string | undefined {
    const found = this.#comments.find((one) => one.row === row);
    if (found === undefined) return undefined;
    this.#comments = this.#comments.filter((one) => one !== found);
    return textOf(found);
  }

  /** True when a comment stands above the row or waits for the end of the line. */
  commentAbove(row: number): boolean {
    return (this.#comments[0] !== undefined && this.#comments[0].row < row) || this.#beforeEnd !== undefined;
  }

  hasCommentBetween(after: number, before: number): boolean {
    return this.#comments.some(({ row }) => row > after && row < before);
  }

  save(): Saved {
    return { text: this.#text, level: this.level, comments: this.#comments };
  }

  restore(saved: Saved, startRow: number, endRow: number): void {
    this.#text = saved.text;
    this.level = saved.level;
    this.#comments = saved.comments;
    if (this.#beforeEnd !== undefined && this.#beforeEnd.row >= startRow && this.#beforeEnd.row <= endRow)
      this.#beforeEnd = undefined;
  }

  /** Writes source text as it is, with the comments inside of it. */
  writeUnformatted(source: string, endRow: number): void {
    this.#text += source;
    this.#comments = this.#comments.filter((one) => {
      if (this.commentOnFinalLine && one.row === endRow) {
        this.#text += ` ${textOf(one)}`;
        return false;
      }
      return one.row >= endRow;
    });
  }

  /** The comments behind the last statement. */
  writeRest(): void {
    this.#comments.forEach((one, i) => {
      this.#writeLine(textOf(one));
      if (i === this.#comments.length - 1) this.#text += "\n";
    });
    this.#comments = [];
  }

  finish(): string {
    return this.#text.endsWith("\n") ? `${this.#text.replace(/\n+$/, "")}\n` : this.#text;
  }
}
