// Text → all of its tokens and comments, whatever is in it: for the editor and for finding one's way in broken texts. The parser reads its
// own tokens (scanner.ts), since what a word or a brace is may be for it to say.
import type { TokenType } from "chevrotain";
import type { Steps } from "../text/steps.ts";
import type { Comment, RegoVersion } from "./ast.ts";
import { keywordsOf } from "./keywords.ts";
import { templateTexts } from "./template-text.ts";
import * as T from "./tokens.ts";

export interface Lexed {
  readonly tokens: T.Token[];
  readonly comments: readonly Comment[];
}

const twoCharacters = new Map(T.punctuation.filter(([text]) => text.length === 2));
const oneCharacter = new Map(T.punctuation.filter(([text]) => text.length === 1));
const keywordTypes = new Map<string, TokenType>(Object.entries(T.keywordTokens));
const openers = new Map<TokenType, TokenType>([
  [T.LBracket, T.RBracket],
  [T.LBrace, T.RBrace],
  [T.LParen, T.RParen],
]);
const closers = new Set<TokenType>(openers.values());

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

/** Reads the whole text, with pauses; every text is accepted. */
export function lexSteps(text: string, version: RegoVersion): Steps<Lexed> {
  return new Lexer(text, version).run();
}

/** Tokens and blanks between two pauses. */
const perStep = 20_000;

class Lexer {
  private readonly tokens: T.Token[] = [];
  private readonly comments: Comment[] = [];
  private readonly open: T.Token[] = [];
  /** The holes of template strings that are open, with the brackets that were open before each. */
  private readonly holes: { readonly quote: string; readonly depth: number }[] = [];
  private readonly keywords: Set<string>;
  private readonly textEnd: (quote: string, start: number) => number;
  private readonly text: string;
  private version: RegoVersion;
  private at = 0;
  private newline = true;
  private lastEnd = -1;

  constructor(text: string, version: RegoVersion) {
    this.text = text;
    this.textEnd = templateTexts(text);
    this.version = version;
    this.keywords = new Set(keywordsOf[version]);
  }

  *run(): Steps<Lexed> {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    while (this.at < this.text.length) {
      for (let left = perStep; left > 0 && this.at < this.text.length; left--) this.next();
      if (this.at < this.text.length) yield;
    }
    return { tokens: this.tokens, comments: this.comments };
  }

  private next(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === 10) {
      this.newline = true;
      this.at++;
    } else if (code === 32 || code === 9 || code === 13) this.at++;
    else if (code === 35) this.comment();
    else if (isLetter(code)) this.word();
    else if (isDigit(code)) this.number(this.at);
    else if (code === 34) this.string(this.at);
    else if (code === 96) this.rawString();
    else if (code === 36 && (this.text[this.at + 1] === '"' || this.text[this.at + 1] === "`")) this.template();
    else if (code === 125 && this.holes.at(-1)?.depth === this.open.length) this.holeEnd();
    else this.symbol();
  }

  private comment(): void {
    const start = this.at;
    let end = this.text.indexOf("\n", start);
    if (end < 0) end = this.text.length;
    this.at = end;
    while (end > start + 1 && this.text.charCodeAt(end - 1) === 13) end--;
    this.comments.push({ kind: "comment", start, end, text: this.text.slice(start + 1, end) });
  }

  private word(): void {
    const start = this.at++;
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (!isLetter(code) && !isDigit(code)) break;
    }
    const word = this.text.slice(start, this.at);
    // Any keyword may follow a dot or be the head of a ref.
    const afterDot = this.tokens.at(-1)?.tokenType === T.Dot && this.lastEnd === start;
    const headsRef = this.text[this.at] === "." || (this.text[this.at] === "[" && word !== "in" && word !== "not");
    const type = !afterDot && this.keywords.has(word) && !headsRef ? keywordTypes.get(word) : undefined;
    this.push(type ?? T.Identifier, start, this.at);
    this.importBrings(word);
  }

  /** `import rego.v1`, `import future.keywords.in` and the like switch keywords on for what follows. */
  private importBrings(word: string): void {
    const back = (distance: number): string | undefined => this.tokens.at(-1 - distance)?.image;
    const chain = (...images: readonly string[]): boolean =>
      images.every((image, index) => back(images.length - index) === image);
    if (chain("import", "rego", ".") && (word === "v1" || word === "v2")) {
      this.bring(...keywordsOf[word]);
      if (this.version === "v0" || word === "v2") this.version = word;
    } else if (chain("import", "future", ".") && word === "keywords") this.bring("contains", "every", "if", "in");
    else if (chain("import", "future", ".", "keywords", ".")) {
      // The whole-module import above was switched on at the word `keywords`; a single one only adds its own word.
      this.keywords.clear();
      for (const keyword of keywordsOf[this.version]) this.keywords.add(keyword);
      this.single.add(word);
      if (word === "every") this.single.add("in");
      this.bring(...this.single);
    }
  }

  private readonly single = new Set<string>();

  private bring(...words: readonly string[]): void {
    for (const word of words) this.keywords.add(word);
  }

  private number(start: number): void {
    const match = /[0-9]*(?:\.[0-9]*)?(?:[eE][-+]?[0-9]*)?/y;
    match.lastIndex = start;
    this.at = start + match.exec(this.text)![0].length;
    while (isLetter(this.text.charCodeAt(this.at)) || isDigit(this.text.charCodeAt(this.at))) this.at++;
    this.push(T.NumberLiteral, start, this.at);
  }

  /** A string that stays open ends with its line. */
  private string(start: number): void {
    let at = start + 1;
    while (at < this.text.length && this.text[at] !== '"' && this.text[at] !== "\n") at += this.text[at] === "\\" ? 2 : 1;
    this.at = Math.min(this.text[at] === '"' ? at + 1 : at, this.text.length);
    this.push(T.StringLiteral, start, this.at);
  }

  /** So does a raw one, though others may have several lines. */
  private rawString(): void {
    const start = this.at;
    const close = this.text.indexOf("`", start + 1);
    const feed = close < 0 ? this.text.indexOf("\n", start) : close + 1;
    this.at = feed < 0 ? this.text.length : feed;
    this.push(T.RawString, start, this.at);
  }

  private template(): void {
    const start = this.at;
    this.push(T.TemplateStart, start, start + 2);
    this.at = start + 2;
    this.templateText(this.text[start + 1]!);
  }

  /** The text of a template string up to its end or to the next hole, whose tokens come as all others do. */
  private templateText(quote: string): void {
    const piece = this.at;
    this.at = this.textEnd(quote, piece);
    if (this.at > piece) this.push(T.TemplateText, piece, this.at);
    const char = this.text[this.at];
    if (char === quote) this.push(T.TemplateEnd, this.at, ++this.at);
    else if (char === "{") {
      this.push(T.HoleStart, this.at, ++this.at);
      this.holes.push({ quote, depth: this.open.length });
    }
  }

  /** The end of `{ … }` within a template string. */
  private holeEnd(): void {
    this.push(T.HoleEnd, this.at, ++this.at);
    this.templateText(this.holes.pop()!.quote);
  }

  private symbol(): void {
    const two = this.text.slice(this.at, this.at + 2);
    const type = twoCharacters.get(two);
    if (type !== undefined) {
      this.push(type, this.at, this.at + 2);
      this.at += 2;
      return;
    }
    const one = oneCharacter.get(two[0]!);
    if (one !== undefined) {
      // `.5` is a number where a term may stand.
      this.push(one, this.at, this.at + 1);
      this.at++;
      return;
    }
    const length = this.text.codePointAt(this.at)! > 0xffff ? 2 : 1;
    this.push(T.Illegal, this.at, this.at + length);
    this.at += length;
  }

  private push(type: TokenType, start: number, end: number): void {
    const token: T.Token = {
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      image: this.text.slice(start, end),
      startOffset: start,
      endOffset: end - 1,
      newlineBefore: this.newline,
      adjacent: start === this.lastEnd,
      match: -1,
      index: this.tokens.length,
    };
    this.newline = false;
    this.lastEnd = end;
    if (openers.has(type)) this.open.push(token);
    else if (closers.has(type)) {
      const opener = this.open.at(-1);
      if (opener !== undefined && openers.get(opener.tokenType) === type) {
        this.open.pop();
        opener.match = token.index;
        token.match = opener.index;
      }
    }
    this.tokens.push(token);
  }
}
