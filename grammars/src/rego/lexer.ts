// Text → tokens and comments, with OPA's lexical errors. Hand-written: newlines, template strings and imports decide what a word is.
import type { TokenType } from "chevrotain";
import type { Diagnostic } from "../diagnostic.ts";
import { finish, type Steps } from "../text/steps.ts";
import type { Comment, RegoVersion } from "./ast.ts";
import { keywordsOf } from "./keywords.ts";
import * as T from "./tokens.ts";

export interface Lexed {
  readonly tokens: T.Token[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
  /** The dialect after the imports of the file. */
  readonly version: RegoVersion;
  /** True when `contains` is a keyword in rule heads. */
  readonly contains: boolean;
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

/** Reads the whole text; every text is accepted. */
export function lex(text: string, file: string, version: RegoVersion): Lexed {
  return finish(lexSteps(text, file, version));
}

/** `lex` with pauses. */
export function lexSteps(text: string, file: string, version: RegoVersion): Steps<Lexed> {
  return new Lexer(text, file, version).run();
}

/** Tokens and blanks between two pauses. */
const perStep = 20_000;

class Lexer {
  private readonly tokens: T.Token[] = [];
  private readonly comments: Comment[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly open: T.Token[] = [];
  /** The holes of template strings that are open, with the brackets that were open before each. */
  private readonly holes: { readonly quote: string; readonly depth: number }[] = [];
  private readonly keywords: Set<string>;
  private readonly text: string;
  private readonly file: string;
  private version: RegoVersion;
  private at = 0;
  private newline = true;
  private lastEnd = -1;

  constructor(text: string, file: string, version: RegoVersion) {
    this.text = text;
    this.file = file;
    this.version = version;
    this.keywords = new Set(keywordsOf[version]);
  }

  *run(): Steps<Lexed> {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    while (this.at < this.text.length) {
      for (let left = perStep; left > 0 && this.at < this.text.length; left--) this.next();
      if (this.at < this.text.length) yield;
    }
    return {
      tokens: this.tokens,
      comments: this.comments,
      diagnostics: this.diagnostics,
      version: this.version,
      contains: this.keywords.has("contains"),
    };
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
    const found = match.exec(this.text)![0];
    this.at = start + found.length;
    const code = this.text.charCodeAt(this.at);
    if (found.endsWith(".")) this.fault(start, this.at, "expected fraction");
    else if (/[eE][-+]?$/.test(found)) this.fault(start, this.at, "expected exponent");
    else if (isLetter(code)) {
      while (isLetter(this.text.charCodeAt(this.at)) || isDigit(this.text.charCodeAt(this.at))) this.at++;
      this.fault(start, this.at, "illegal number format");
    } else if (/^0[0-9]/.test(found)) this.fault(start, this.at, "unexpected number token: expected number without leading zero");
    this.push(T.NumberLiteral, start, this.at);
  }

  private string(start: number): void {
    this.at = this.stringEnd(start + 1, '"', start);
    this.push(T.StringLiteral, start, this.at);
  }

  /** The offset behind the closing quote; a string that stays open ends with its line. */
  private stringEnd(from: number, quote: string, opened: number): number {
    for (let at = from; at < this.text.length; at++) {
      const char = this.text[at];
      if (char === quote) return at + 1;
      if (char === "\n") return this.unterminated(opened, at);
      if (char === "\\") {
        const escaped = this.text[++at];
        if (escaped === undefined || !'"\\/bfnrtu'.includes(escaped)) this.fault(at, at + 1, "illegal escape sequence");
      }
    }
    return this.unterminated(opened, this.text.length);
  }

  private unterminated(opened: number, end: number): number {
    const line = this.text.slice(opened, end).replace(/[\s)\]},]*$/, "");
    const at = opened + line.length;
    this.diagnostics.push({
      file: this.file,
      range: { start: opened, end },
      severity: "error",
      code: "rego_parse_error",
      message: "non-terminated string",
      explanation: "the quote opened here is not closed on this line",
      related: [{ file: this.file, range: { start: opened, end: opened + 1 }, message: "the string opens here" }],
      fixes: [{ title: 'Insert closing "', edits: [{ range: { start: at, end: at }, newText: '"' }], preferred: true }],
    });
    return end;
  }

  private rawString(): void {
    const start = this.at;
    const close = this.text.indexOf("`", start + 1);
    if (close < 0) {
      const lineEnd = this.text.indexOf("\n", start);
      const end = lineEnd < 0 ? this.text.length : lineEnd;
      this.diagnostics.push({
        file: this.file,
        range: { start, end },
        severity: "error",
        code: "rego_parse_error",
        message: "non-terminated string",
        explanation: "the backtick opened here is never closed",
        related: [{ file: this.file, range: { start, end: start + 1 }, message: "the raw string opens here" }],
        fixes: [{ title: "Insert closing `", edits: [{ range: { start: end, end }, newText: "`" }], preferred: true }],
      });
      this.at = end;
    } else this.at = close + 1;
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
    while (this.at < this.text.length) {
      const char = this.text[this.at]!;
      if (char === quote || char === "{" || (char === "\n" && quote === '"')) break;
      this.at += char === "\\" ? 2 : 1;
    }
    this.at = Math.min(this.at, this.text.length);
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
    const code = this.text.codePointAt(this.at)!;
    const length = code > 0xffff ? 2 : 1;
    const message =
      code === 0xa0
        ? "illegal non-breaking space character, use a regular space instead"
        : code === 0xfeff
          ? "illegal byte-order mark"
          : code === 0xfffd
            ? "illegal utf-8 character"
            : code === 33 || code === 36
              ? `illegal ${this.text[this.at]} character`
              : "illegal token";
    this.fault(this.at, this.at + length, message);
    this.push(T.Illegal, this.at, this.at + length);
    this.at += length;
  }

  private fault(start: number, end: number, message: string): void {
    this.diagnostics.push({ file: this.file, range: { start, end }, severity: "error", code: "rego_parse_error", message });
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
