// The text that formatting builds, and the comments that wait for their row.
import { trimEnd, trimStart } from "../../text/white-space.ts";
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
  readonly next: number;
}

function textOf({ comment }: PlacedComment): string {
  return trimEnd(`#${comment.text}`);
}

function isMetadata({ comment, col }: PlacedComment): boolean {
  return col === 0 && trimStart(comment.text).startsWith("METADATA");
}

export class FormatWriter {
  level = 0;
  inline = false;
  /** Keeps the waiting comment for the line after the one that ends now. */
  delay = false;
  commentOnFinalLine = false;
  #text = "";
  /** What is formatted. */
  readonly #source: string;
  /** All comments, by row: at most one stands on each. */
  readonly #comments: readonly PlacedComment[];
  /** The first of those that wait. */
  #next = 0;
  /** Those behind it that were written already. */
  readonly #taken = new Set<PlacedComment>();
  #beforeEnd: PlacedComment | undefined;

  constructor(source: string, comments: readonly PlacedComment[]) {
    this.#source = source;
    this.#comments = comments;
  }

  get hasComments(): boolean {
    return this.#first() !== undefined;
  }

  /** The row of the comment that waits first. */
  get nextCommentRow(): number | undefined {
    return this.#first()?.row;
  }

  dropComments(): void {
    this.#next = this.#comments.length;
  }

  /** What is written as if no comment waited. */
  withoutComments(write: () => void): void {
    const next = this.#next;
    this.dropComments();
    write();
    this.#next = next;
  }

  /** What is written, with comments that wait for their row again behind it. */
  keepingComments(write: () => void): void {
    const next = this.#next;
    write();
    this.#next = next;
  }

  #first(): PlacedComment | undefined {
    while (this.#taken.size > 0 && this.#taken.has(this.#comments[this.#next]!)) this.#next++;
    return this.#comments[this.#next];
  }

  /** The comments above a row, which wait no more. */
  #takeAbove(row: number): readonly PlacedComment[] {
    const found: PlacedComment[] = [];
    for (let one = this.#first(); one !== undefined && one.row < row; one = this.#first()) {
      found.push(one);
      this.#next++;
    }
    return found;
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

  /** Writes the comments above the row; one on the row waits for the end of the line. `loses`: where two want that, no comment waits any more. */
  insertComments(row: number, loses = false): void {
    const before = this.#takeAbove(row);
    const first = this.#first();
    const at = first?.row === row ? first : undefined;
    if (at !== undefined) this.#next++;
    if (before.length > 0) {
      this.#writeComments(before);
      if (row - before.at(-1)!.row > 1) this.blankLine();
    }
    if (at === undefined) return;
    if (this.#beforeEnd !== undefined) {
      this.#beforeEnd = undefined;
      if (loses) this.dropComments();
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
    this.#first();
    let at = this.#next;
    while ((this.#comments[at]?.row ?? row) < row) at++;
    const found = this.#comments[at];
    if (found?.row !== row || this.#taken.has(found)) return undefined;
    this.#taken.add(found);
    return textOf(found);
  }

  /** True when a comment stands above the row or waits for the end of the line. */
  commentAbove(row: number): boolean {
    return (this.nextCommentRow ?? row) < row || this.#beforeEnd !== undefined;
  }

  hasCommentBetween(after: number, before: number): boolean {
    this.#first();
    let at = this.#next;
    while ((this.#comments[at]?.row ?? Number.POSITIVE_INFINITY) <= after) at++;
    return (this.#comments[at]?.row ?? before) < before;
  }

  save(): Saved {
    return { text: this.#text, level: this.level, next: this.#next };
  }

  restore(saved: Saved, startRow: number, endRow: number): void {
    this.#text = saved.text;
    this.level = saved.level;
    this.#next = saved.next;
    if (this.#beforeEnd !== undefined && this.#beforeEnd.row >= startRow && this.#beforeEnd.row <= endRow)
      this.#beforeEnd = undefined;
  }

  /** Writes source text as it is, with the comments inside of it and the one behind it, which keeps blanks at its end. */
  writeUnformatted(source: string, endRow: number): void {
    this.#text += source;
    this.#takeAbove(endRow);
    const last = this.#first();
    if (last === undefined || last.row !== endRow || !this.commentOnFinalLine) return;
    const { start } = last.comment;
    const end = this.#source.indexOf("\n", start);
    this.#text += ` ${end < 0 ? `#${last.comment.text}` : this.#source.slice(start, end)}`;
    this.#next++;
  }

  /** The comments behind the last statement. */
  writeRest(): void {
    const rest = this.#takeAbove(Number.POSITIVE_INFINITY);
    for (const one of rest) this.#writeLine(textOf(one));
    if (rest.length > 0) this.#text += "\n";
  }

  finish(): string {
    let end = this.#text.length;
    while (this.#text[end - 1] === "\n") end--;
    return end < this.#text.length ? this.#text.slice(0, end + 1) : this.#text;
  }
}
