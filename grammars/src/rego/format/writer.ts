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
  readonly next: number;
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
  /** In the order of their rows; those from `#next` on are not written yet. */
  #comments: readonly PlacedComment[];
  #next = 0;
  #beforeEnd: PlacedComment | undefined;

  constructor(comments: readonly PlacedComment[]) {
    this.#comments = comments;
  }

  get hasComments(): boolean {
    return this.#next < this.#comments.length;
  }

  /** The row of the comment that waits first. */
  get nextCommentRow(): number | undefined {
    return this.#comments[this.#next]?.row;
  }

  dropComments(): void {
    this.#next = this.#comments.length;
  }

  /** The comments above a row, which wait no longer. */
  #takeAbove(row: number): readonly PlacedComment[] {
    const start = this.#next;
    while (this.#next < this.#comments.length && this.#comments[this.#next]!.row < row) this.#next += 1;
    return this.#comments.slice(start, this.#next);
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
    const before = this.#takeAbove(row);
    const at = this.#takeAbove(row + 1).at(-1);
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
    const before = this.#takeAbove(row);
    if (before.length === 0) return;
    this.#text += " ";
    this.inline = true;
    this.#writeComments(before);
  }

  /** Before the `}` of a hole: the comments above the row of what follows. */
  closeHole(row: number): void {
    const before = this.#takeAbove(row);
    if (before.length === 0) return;
    this.endLine();
    this.#writeComments(before);
    this.startLine();
  }

  /** The text of a comment on the row, which is not written otherwise. */
  takeCommentOn(row: number): string | undefined {
    const found = this.#indexAfter(row - 1);
    const comment = this.#comments[found];
    if (comment?.row !== row) return undefined;
    if (found === this.#next) this.#next += 1;
    else this.#comments = this.#comments.filter((one) => one !== comment);
    return textOf(comment);
  }

  /** True when a comment stands above the row or waits for the end of the line. */
  commentAbove(row: number): boolean {
    const next = this.nextCommentRow;
    return (next !== undefined && next < row) || this.#beforeEnd !== undefined;
  }

  hasCommentBetween(after: number, before: number): boolean {
    const next = this.#comments[this.#indexAfter(after)];
    return next !== undefined && next.row < before;
  }

  /** Where the first waiting comment below a row stands in the list. */
  #indexAfter(row: number): number {
    let at = this.#next;
    while (at < this.#comments.length && this.#comments[at]!.row <= row) at += 1;
    return at;
  }

  save(): Saved {
    return { text: this.#text, level: this.level, comments: this.#comments, next: this.#next };
  }

  restore(saved: Saved, startRow: number, endRow: number): void {
    this.#text = saved.text;
    this.level = saved.level;
    this.#comments = saved.comments;
    this.#next = saved.next;
    if (this.#beforeEnd !== undefined && this.#beforeEnd.row >= startRow && this.#beforeEnd.row <= endRow)
      this.#beforeEnd = undefined;
  }

  /** Writes source text as it is, with the comments inside of it. */
  writeUnformatted(source: string, endRow: number): void {
    this.#text += source;
    this.#takeAbove(endRow);
    if (!this.commentOnFinalLine) return;
    for (const one of this.#takeAbove(endRow + 1)) this.#text += ` ${textOf(one)}`;
  }

  /** The comments behind the last statement. */
  writeRest(): void {
    const rest = this.#comments.slice(this.#next);
    for (const one of rest) this.#writeLine(textOf(one));
    if (rest.length > 0) this.#text += "\n";
    this.dropComments();
  }

  finish(): string {
    return this.#text.endsWith("\n") ? `${this.#text.replace(/\n+$/, "")}\n` : this.#text;
  }
}
