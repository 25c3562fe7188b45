// The parser's place in the text: current token, look-ahead by saving and restoring, errors and hints on the way.
import { stackIsTooSmall } from "../text/stack.ts";
import type { Comment, Range, RegoVersion, Term } from "./ast.ts";
import { type Fault, FaultList } from "./fault-list.ts";
import { keywordsOf } from "./keywords.ts";
import { hasFeature, type Language } from "./language.ts";
import { Scanner, type TokenKind, tokenName } from "./scanner.ts";
import { deepestStep } from "./tree-depth.ts";

/** What is saved and restored when the parser reads ahead on trial. */
export interface Place {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly literal: string;
  /** End of the token before, blanks aside. */
  readonly lastEnd: number;
  /** True when a line feed stands before the token. */
  readonly newline: boolean;
  readonly wildcards: number;
  readonly faults: FaultList;
  readonly hints: readonly string[];
}

/** A term that was read, and those before it that begin further in front. */
interface ReadTerm {
  readonly start: number;
  readonly term: Term | undefined;
  readonly after: Place;
  readonly before: ReadTerm | undefined;
}

/** Where nobody says which names are builtins. */
export const noBuiltins = (): boolean => false;

const futureWords = new Set(["in", "every", "contains", "if", "not", "and", "or"]);
const baseWords = new Set<string>(keywordsOf.v0);
/** Every token that is a keyword in some dialect, and those with the names of keywords. */
const mayBeKeyword = new Set<TokenKind>([...keywordsOf.v2, "&", "|"]);

/** What OPA says of text that is nested too deep. */
export const tooDeep = "max parsing recursion depth exceeded";

/** Reads tokens of one text for the parsing functions. */
export class Reader {
  readonly scanner: Scanner;
  /** The dialect before imports. */
  readonly version: RegoVersion;
  /** True when what is read must be valid in v1 too. */
  readonly alsoV1: boolean;
  keywords: Set<string>;
  /** True when `not` takes bodies. */
  notBodies: boolean;
  templateStrings = true;
  /** What of the language there is; all of it when undefined. */
  language: Language | undefined;
  /** Which names are builtins. */
  isBuiltin: (name: string) => boolean = noBuiltins;
  place: Place;
  /** The comments up to the farthest token that was read. */
  readonly comments: Comment[] = [];
  /** Deeper text is refused before the stack ends. */
  readonly #depthLimit = deepestStep();
  #deepest = 0;
  #depth = 0;
  #read: ReadTerm | undefined;
  #words = "";
  /** How many keywords `#words` has, one more with bodies of `not`, a keyword anyway: statements only ever bring more of them. */
  #wordCount = 0;

  constructor(text: string, version: RegoVersion, alsoV1 = false, scanner = new Scanner(text)) {
    this.scanner = scanner;
    this.version = version;
    this.alsoV1 = alsoV1;
    this.keywords = new Set(keywordsOf[version]);
    this.notBodies = version === "v2";
    const start = this.scanner.first;
    this.place = {
      kind: "start",
      start,
      end: start,
      literal: "",
      lastEnd: start,
      newline: true,
      wildcards: 0,
      faults: FaultList.none,
      hints: [],
    };
    this.scan();
  }

  /** A reader of the text up to `end`, at a place before it and with the keywords of this one. */
  upTo(end: number, place: Place): Reader {
    const reader = new Reader(this.text, this.version, this.alsoV1, this.scanner.upTo(end));
    reader.keywords = new Set(this.keywords);
    reader.notBodies = this.notBodies;
    reader.templateStrings = this.templateStrings;
    reader.language = this.language;
    reader.isBuiltin = this.isBuiltin;
    reader.place = place;
    return reader;
  }

  get text(): string {
    return this.scanner.text;
  }

  get kind(): TokenKind {
    return this.place.kind;
  }

  /** The keywords, as one text. */
  get words(): string {
    const count = this.keywords.size + (this.notBodies ? 1 : 0);
    if (count !== this.#wordCount) {
      this.#wordCount = count;
      this.#words = `${[...this.keywords].sort().join(" ")} ${this.notBodies}`;
    }
    return this.#words;
  }

  /** True when the current token is of this kind. */
  is(kind: TokenKind): boolean {
    return this.place.kind === kind;
  }

  /** Goes to the next token that is no blank. */
  scan(): void {
    this.#advance(true);
  }

  /** Goes to the next token, which may be a blank. */
  scanBlank(): void {
    this.#advance(false);
  }

  /** Goes to the next token that is no blank; true when it stands right behind the current one and goes on with a ref or a call. */
  scanBehind(): boolean {
    const code = this.text.charCodeAt(this.place.end);
    const goesOn = code === 40 || code === 46 || code === 91;
    this.#advance(true);
    return goesOn && this.place.kind !== "illegal";
  }

  #advance(skipBlanks: boolean): void {
    const { place } = this;
    const fromBlank = place.kind === "blank";
    const lastEnd = fromBlank ? place.lastEnd : place.end;
    let newline = fromBlank && (place.newline || this.text.slice(place.start, place.end).includes("\n"));
    let { faults, hints } = place;
    let at = place.end;
    const token = this.scanner;
    for (;;) {
      token.scan(at, this.keywords);
      at = token.end;
      if (token.problems.length > 0) {
        faults = withProblems(faults, token.problems, { range: { start: token.start, end: at } }, hints);
        hints = [];
      }
      if (token.kind === "blank") {
        if (skipBlanks) {
          if (token.newline) newline = true;
          continue;
        }
        // A blank is one character for OPA: what is behind the first one is not gone over yet.
        if (this.text.charCodeAt(token.start) === 10) newline = true;
      } else if (token.kind === "comment") {
        this.#noteComment(token.start, at);
        continue;
      }
      const { kind, start, end, literal } = token;
      this.place = { kind, start, end, literal, lastEnd, newline, wildcards: place.wildcards, faults, hints };
      return;
    }
  }

  /** What is read again was noted before. */
  #noteComment(start: number, lineEnd: number): void {
    const { comments, text } = this;
    if ((comments.at(-1)?.start ?? -1) >= start) return;
    let end = lineEnd;
    // As in OPA, carriage returns at the end are none of the comment's, but for the first of several that are all it has.
    const least = end === start + 2 ? start + 1 : start + 2;
    while (end > least && text.charCodeAt(end - 1) === 13) end--;
    comments.push({ kind: "comment", start, end, text: this.scanner.cut(start + 1, end) });
  }

  /** Goes on with a template string behind a hole; OPA places the piece behind the brace, at which it begins. */
  scanTemplate(raw: boolean, opened: number): void {
    const { place } = this;
    this.scanner.template(place.start, place.end, raw);
    const { kind, end, literal, problems } = this.scanner;
    const start = place.end;
    let { faults, hints } = place;
    if (problems.length > 0) {
      faults = withProblems(faults, problems, { range: { start, end }, opened }, hints);
      hints = [];
    }
    this.place = { ...place, kind, start, end, literal, lastEnd: place.end, newline: false, faults, hints };
  }

  /** The kind of the token after the current one, which may be a blank. */
  peekBlank(): TokenKind {
    this.scanner.scan(this.place.end, this.keywords);
    return this.scanner.kind;
  }

  /** The kind of the next token that is no blank. */
  peek(): TokenKind {
    const saved = this.place;
    this.scan();
    const { kind } = this.place;
    this.place = saved;
    return kind;
  }

  /** Takes the current token for another kind. */
  retag(kind: TokenKind): void {
    this.place = { ...this.place, kind };
  }

  /** A fresh wildcard variable's name. */
  wildcard(): string {
    const { wildcards } = this.place;
    this.place = { ...this.place, wildcards: wildcards + 1 };
    return `$${wildcards}`;
  }

  error(range: Range, message: string): void {
    const { faults, hints } = this.place;
    const fault = { range: { start: range.start, end: range.end }, message: withHints(message, hints) };
    this.place = { ...this.place, faults: faults.with(fault), hints: [] };
  }

  hint(text: string): void {
    this.place = { ...this.place, hints: [...this.place.hints, text] };
  }

  /** The current token must not stand here. */
  unexpected(note = ""): void {
    const { kind } = this.place;
    if (kind === "illegal") {
      this.error(this.place, "illegal token");
      return;
    }
    const what = futureWords.has(kind) || baseWords.has(kind) ? "keyword" : "token";
    this.error(this.place, `unexpected ${tokenName(kind)} ${what}${note === "" ? "" : `: ${note}`}`);
  }

  /** No tree that was read is deeper, in steps of the parser. */
  get deepest(): number {
    return this.#deepest;
  }

  /** Counts a step for which no function is nested: where a loop puts a node around what it has. */
  deepened(): void {
    this.#deepest++;
  }

  /** Runs a parsing function one level deeper, on what it is given: a closure would have to be made for every term. */
  nested<T, From>(parse: (r: Reader, from: From) => T | undefined, from: From): T | undefined {
    if (this.#depth >= this.#depthLimit) {
      stackIsTooSmall();
      this.error(this.place, tooDeep);
      return undefined;
    }
    this.#depth++;
    if (this.#depth > this.#deepest) this.#deepest = this.#depth;
    try {
      return parse(this, from);
    } finally {
      this.#depth--;
    }
  }

  /** A term that begins here is read once, however often the parser tries, if `keeps` says so or it is none; OPA takes it with the faults of that reading. */
  remembered(parse: (r: Reader) => Term | undefined, keeps: boolean): Term | undefined {
    const known = this.#known();
    if (known !== undefined) {
      this.place = known.after;
      return known.term;
    }
    const from = this.place;
    const term = parse(this);
    if (keeps || term === undefined) this.remember(from, term);
    return term;
  }

  /** True when the term that begins at the current token was read before. */
  remembers(): boolean {
    return this.#known() !== undefined;
  }

  #known(): ReadTerm | undefined {
    const { start } = this.place;
    let read = this.#read;
    while (read !== undefined && read.start > start) read = read.before;
    return read?.start === start ? read : undefined;
  }

  /** Keeps the term that was read from a place up to here, instead of what was read within it. */
  remember({ start }: Place, term: Term | undefined): void {
    let before = this.#read;
    while (before !== undefined && before.start >= start) before = before.before;
    this.#read = { start, term, after: this.place, before };
  }

  /** What is behind is not read again. */
  forget(): void {
    this.#read = undefined;
  }

  /** Reads on trial; what the trial has read is forgotten when it gives `null`, and the place is as before. */
  attempt<T>(parse: () => T | null): T | null {
    const saved = { place: this.place, read: this.#read };
    const result = parse();
    if (result === null) {
      this.place = saved.place;
      this.#read = saved.read;
    }
    return result;
  }

  /** Reads on trial with other keywords; place and keywords are as before afterwards. */
  trial<T>(keywords: Iterable<string>, parse: () => T): T {
    const saved = { place: this.place, keywords: this.keywords, read: this.#read };
    this.keywords = new Set(keywords);
    this.#read = undefined;
    const result = parse();
    this.place = saved.place;
    this.keywords = saved.keywords;
    this.#read = saved.read;
    return result;
  }

  /** Reads without the keywords that had to be imported once, and keeps the place. */
  withoutFutureWords<T>(parse: () => T): T {
    const { keywords } = this;
    const read = this.#read;
    this.keywords = new Set([...keywords].filter((word) => !futureWords.has(word)));
    this.#read = undefined;
    const result = parse();
    this.keywords = keywords;
    this.#read = read;
    return result;
  }

  /** Any keyword may stand inside of a ref; OPA goes by the name of a token, so `&` and `|` may where `and` and `or` are keywords. */
  mayHeadRef(kind: TokenKind): boolean {
    return mayBeKeyword.has(kind) && hasFeature(this.language, "keywords_in_refs") && this.#isKeyword(tokenName(kind));
  }

  #isKeyword(kind: TokenKind): boolean {
    return this.keywords.has(kind) || keywordsOf[this.version].has(kind);
  }

  /** A keyword directly before `.` or `[` is a name; true when it was one. */
  keywordAsRefHead(): boolean {
    if (!this.mayHeadRef(this.kind)) return false;
    const next = this.peekBlank();
    if (next !== "." && next !== "[") return false;
    this.retag("identifier");
    return true;
  }
}

/** The faults with those of one token; the hints belong to the first. */
function withProblems(
  faults: FaultList,
  problems: readonly string[],
  place: Omit<Fault, "message">,
  hints: readonly string[],
): FaultList {
  return problems.reduce(
    (all, message, i) => all.with({ ...place, message: i === 0 ? withHints(message, hints) : message }),
    faults,
  );
}

export function withHints(message: string, hints: readonly string[]): string {
  if (hints.length === 0) return message;
  return `${message} (hint${hints.length === 1 ? "" : "s"}: ${hints.join(", ")})`;
}
