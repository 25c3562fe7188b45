// Tokens one by one, with the comments before them, and the faults of what is expected.
import { goQuote } from "#grammars/text/go-quote.ts";
import type { CommentGroup, Position } from "./ast.ts";
import { faultAt, GraphqlFault } from "./fault.ts";
import { Lexer, type Punctuator, type Token, type TokenKind } from "./lexer.ts";

/** Values and selections inside of one another. */
const deepest = 1_000;

export class TokenReader {
  private readonly lexer: Lexer;
  private peeked: Token | undefined;
  private depth = 0;
  /** The comments before the token that was peeked at. */
  comment: CommentGroup | undefined;

  constructor(text: string) {
    this.lexer = new Lexer(text);
  }

  peek(): Token {
    if (this.peeked !== undefined) return this.peeked;
    let token = this.lexer.next();
    if (token.kind === "Comment") {
      const list: { readonly Value: string }[] = [];
      for (; token.kind === "Comment"; token = this.lexer.next()) list.push({ Value: token.value });
      this.comment = { List: list };
    }
    this.peeked = token;
    return token;
  }

  get position(): Position {
    return this.peek().position;
  }

  next(): Token {
    const token = this.peek();
    if (token.fault !== undefined) throw token.fault;
    this.peeked = undefined;
    this.comment = undefined;
    return token;
  }

  is(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === "Name" && token.value === word;
  }

  skip(kind: TokenKind): boolean {
    if (!this.is(kind)) return false;
    this.next();
    return true;
  }

  expect(kind: TokenKind): Token {
    const token = this.peek();
    if (token.kind !== kind) throw faultAt(token.position, `Expected ${kind}, found ${token.kind}`);
    return this.next();
  }

  /** Gives the comments before the word. */
  expectWord(word: string): CommentGroup | undefined {
    const token = this.peek();
    const { comment } = this;
    if (!this.isWord(word)) throw faultAt(token.position, `Expected ${goQuote(word)}, found ${described(token)}`);
    this.next();
    return comment;
  }

  name(): string {
    return this.expect("Name").value;
  }

  unexpected(token: Token = this.peek()): GraphqlFault {
    return faultAt(token.position, `Unexpected ${described(token)}`);
  }

  /** Zero or more between the signs; nothing when the first sign is not there. */
  many(start: Punctuator, end: Punctuator, read: () => void): void {
    if (!this.skip(start)) return;
    while (!this.is(end)) read();
    this.next();
  }

  /** One or more between the signs; nothing when the first sign is not there. Gives the comments before the last sign. */
  some(start: Punctuator, end: Punctuator, read: () => void): CommentGroup | undefined {
    if (!this.skip(start)) return undefined;
    if (this.is(end)) throw faultAt(this.position, `expected at least one definition, found ${this.peek().kind}`);
    while (!this.is(end)) read();
    const { comment } = this;
    this.next();
    return comment;
  }

  nested<T>(read: () => T): T {
    if (++this.depth > deepest) throw new GraphqlFault("the text nests too deeply");
    const value = read();
    this.depth--;
    return value;
  }
}

function described({ kind, value }: Token): string {
  return value === "" ? kind : `${kind} ${goQuote(value)}`;
}
