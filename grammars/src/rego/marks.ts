// Text → its comments and its strings of several lines, without the tokens between them: what finding one's way in a broken text needs.
import type { Steps } from "../text/steps.ts";
import type { Comment, Range } from "./ast.ts";
import { templateTexts } from "./template-text.ts";

export interface Marks {
  readonly comments: readonly Comment[];
  /** In order; none when one string does not end, since then what is a string and what is not changes places. */
  readonly strings: readonly Range[];
}

const closerOf: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };

/** What opens or closes something; brackets matter only where template strings have holes. */
const plainMark = /["`#]/g;
const templateMark = /\$?["`]|[#[\](){}]/g;

/** Marks between two pauses. */
const perStep = 20_000;

/** The marks of a whole text, with pauses; the same as the lexer's. */
export function marksSteps(text: string): Steps<Marks> {
  return new MarkReader(text).run();
}

class MarkReader {
  private readonly text: string;
  private readonly mark: RegExp;
  private readonly comments: Comment[] = [];
  private readonly strings: Range[] = [];
  private isOpen = false;
  /** The closers of the brackets that are open. */
  private readonly open: string[] = [];
  /** The holes of template strings that are open, with the number of brackets before each. */
  private readonly holes: { readonly quote: string; readonly depth: number }[] = [];

  private readonly textEnd: (quote: string, start: number) => number;

  constructor(text: string) {
    this.text = text;
    this.textEnd = templateTexts(text);
    this.mark = /\$["`]/.test(text) ? new RegExp(templateMark) : new RegExp(plainMark);
  }

  *run(): Steps<Marks> {
    const { text, mark } = this;
    for (let read = 1; ; read++) {
      const found = mark.exec(text);
      if (found === null) return { comments: this.comments, strings: this.isOpen ? [] : this.strings };
      mark.lastIndex = this.endOf(found[0], found.index);
      if (read % perStep === 0) yield;
    }
  }

  /** Notes what begins at an offset, and gives its end. */
  private endOf(mark: string, start: number): number {
    switch (mark) {
      case "#":
        return this.comment(start);
      case '"':
        return this.string(start);
      case "`":
        return this.rawString(start);
      case '$"':
      case "$`":
        return this.templateText(mark[1]!, start + 2);
      default:
        return this.bracket(mark, start);
    }
  }

  private comment(start: number): number {
    const { text } = this;
    const feed = text.indexOf("\n", start);
    const lineEnd = feed < 0 ? text.length : feed;
    let end = lineEnd;
    while (end > start + 1 && text.charCodeAt(end - 1) === 13) end--;
    this.comments.push({ kind: "comment", start, end, text: text.slice(start + 1, end) });
    return lineEnd;
  }

  private string(start: number): number {
    const { text } = this;
    let at = start + 1;
    while (at < text.length && text[at] !== '"' && text[at] !== "\n") at += text[at] === "\\" ? 2 : 1;
    return Math.min(text[at] === '"' ? at + 1 : at, text.length);
  }

  private rawString(start: number): number {
    const { text } = this;
    const close = text.indexOf("`", start + 1);
    if (close < 0) {
      this.isOpen = true;
      const feed = text.indexOf("\n", start);
      return feed < 0 ? text.length : feed;
    }
    this.note(start, close + 1);
    return close + 1;
  }

  private templateText(quote: string, start: number): number {
    const { text } = this;
    const at = this.textEnd(quote, start);
    this.note(start, at);
    if (text[at] === "{") this.holes.push({ quote, depth: this.open.length });
    return text[at] === quote || text[at] === "{" ? at + 1 : at;
  }

  private bracket(mark: string, start: number): number {
    if (mark === "}" && this.holes.at(-1)?.depth === this.open.length)
      return this.templateText(this.holes.pop()!.quote, start + 1);
    const closer = closerOf[mark];
    if (closer !== undefined) this.open.push(closer);
    else if (this.open.at(-1) === mark) this.open.pop();
    return start + 1;
  }

  private note(start: number, end: number): void {
    // Within the string alone: the next line may begin megabytes further down.
    if (this.text.slice(start, end).includes("\n")) this.strings.push({ start, end });
  }
}
