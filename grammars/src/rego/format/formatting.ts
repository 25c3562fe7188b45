// What every part of formatting looks at: the text and its rows, the dialect that is written, the writer.
import { oncePer } from "../../once-per.ts";
import { LineIndex } from "../../text/lines.ts";
import type { Expr, Module, Range, Term } from "../ast.ts";
import { keywordsOf } from "../keywords.ts";
import { partsOf } from "../nodes.ts";
import { toldText } from "../told-text.ts";
import { importPath } from "./imports.ts";
import type { FormatOptions } from "./options.ts";
import { CommentClash, FormatWriter } from "./writer.ts";

/** Finds every `-x` where no operand stands before it, and more. */
const negation = /-(?=\s*[^\d\s.])(?<=(?:^|[^\w)\]}"`\s#'.?!]|(?<![-/\w])(?:and|as|contains|every|if|in|not|or|some))\s*-)/u;

export class Formatting {
  readonly w: FormatWriter;
  readonly module: Module;
  readonly options: FormatOptions;
  readonly text: string;
  readonly lines: LineIndex;
  /** True when the module may hold what OPA has no place for: names of generated variables, the zero that a negation is taken from. */
  readonly mayBePlaceless: boolean;
  readonly v1: boolean;
  readonly v2: boolean;
  readonly refHeads: boolean;
  readonly containsWord: boolean;
  readonly ifWord: boolean;
  /** Words that keep their quotes in a ref when the author wrote them. */
  readonly keywords: ReadonlySet<string>;
  /** Where all that is written stands, whatever its own place. */
  #standing: Range | undefined;
  /** The expression, and the term, that has to be put in parentheses. */
  parenExpr: Expr | undefined;
  parenTerm: Term | undefined;
  /** What of the head OPA holds again in an `else` or a further body: it writes wildcards there by their numbers. */
  repeats: "nothing" | "arguments" | "head" = "nothing";
  wildcardsByNumber = false;

  /** `context` is the whole module that `module` is a part of. */
  constructor(text: string, module: Module, options: FormatOptions, context: Module = module) {
    this.text = text;
    this.mayBePlaceless = text.includes("__local") || negation.test(text);
    this.module = module;
    this.lines = new LineIndex(text);
    this.options = options;
    const newest = options.upTo ?? options.version ?? "v1";
    this.v1 = newest !== "v0";
    this.v2 = newest === "v2";
    const comments = module.comments.map((comment) => ({
      comment,
      row: this.row(comment.start),
      col: this.col(comment.start),
    }));
    this.w = new FormatWriter(text, comments);
    this.refHeads = hasRefHeads(context);
    const paths = context.imports.map(importPath);
    const brings = (word: string): boolean =>
      this.v1 || paths.some((path) => ["rego.v1", "rego.v2", "future.keywords", `future.keywords.${word}`].includes(path));
    this.containsWord = brings("contains");
    this.ifWord = brings("if");
    this.keywords = this.#keywordSet(paths);
  }

  /** The keywords of the dialect and of the imports. */
  #keywordSet(paths: readonly string[]): ReadonlySet<string> {
    if (this.v2 || paths.includes("rego.v2")) return keywordsOf.v2;
    const words = paths
      .filter((path) => path.startsWith("future.keywords."))
      .map((path) => path.slice("future.keywords.".length));
    return new Set([...keywordsOf[this.v1 ? "v1" : "v0"], ...words]);
  }

  row(offset: number): number {
    return this.lines.lineOf(this.#standing?.start ?? offset);
  }

  col(offset: number): number {
    return this.lines.lineCharacter(offset).character;
  }

  source(range: Range): string {
    const { start, end } = this.#standing ?? range;
    return this.text.slice(start, end);
  }

  get isStanding(): boolean {
    return this.#standing !== undefined;
  }

  /** Writes what OPA gives one place to: the head of a further body has all its places there. */
  standingAt(place: Range, write: () => void): void {
    this.#standing = place;
    try {
      write();
    } finally {
      this.#standing = undefined;
    }
  }

  /** A term's text as OPA has it; `place` is what counts as the term's own, if anything else does. */
  told(term: Term, place: Range = term): string {
    return this.source(place === term ? toldText(this.text, term) : place);
  }

  /** Two comments that want the same place leave what is around them as it was written; true when they did. */
  guarded(write: () => void): boolean {
    try {
      write();
      return false;
    } catch (error) {
      if (error instanceof CommentClash) return true;
      throw error;
    }
  }

  /** Writes with every wildcard by its number, when it must. */
  numbering(must: boolean, write: () => void): void {
    this.wildcardsByNumber = must;
    try {
      write();
    } finally {
      this.wildcardsByNumber = false;
    }
  }

  /** A clash inside takes the comments that still wait with it, as in OPA; a term around it brings them back. */
  losing(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (error instanceof CommentClash) this.w.dropComments();
      throw error;
    }
  }
}

/** True when a rule's name has more than two parts; looked up once for all parts of a module. */
const hasRefHeads = oncePer((module: Module): boolean =>
  module.rules.some(({ head }) => {
    const { length } = partsOf(head.reference);
    return length > 2 || (length === 2 && head.key !== undefined);
  }),
);
