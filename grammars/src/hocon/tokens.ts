// The tokens of a HOCON text, trivia included: every character of the text belongs to exactly one token.

export const TokenKind = {
  end: 0,
  whitespace: 1,
  newline: 2,
  comment: 3,
  comma: 4,
  colon: 5,
  equals: 6,
  plusEquals: 7,
  openBrace: 8,
  closeBrace: 9,
  openBracket: 10,
  closeBracket: 11,
  string: 12,
  tripleString: 13,
  number: 14,
  true: 15,
  false: 16,
  null: 17,
  unquoted: 18,
  substitution: 19,
  /** Text that no token of HOCON starts with; a problem of the same place says what is wrong. */
  invalid: 20,
} as const;

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** Something the lexer could not read. `at` is the place whose line the reference names. */
export interface LexicalProblem {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly at: number;
  /** Where the reader meets it, if not at `start`. */
  readonly order?: number;
}

/** Tokens side by side in arrays: token `i` covers `[starts[i], starts[i + 1])`. The last one is `end`, of length zero. */
export interface TokenList {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly problems: readonly LexicalProblem[];
}

/** Tokens with the pairs of their brackets, as the parser needs them. */
export interface PairedTokens extends TokenList {
  /** For an opening bracket the index of its closing one, or the first token after its content when it is never closed; else 0. */
  readonly partners: Int32Array;
}

/** The end of token `index`. */
export function tokenEnd(tokens: TokenList, index: number): number {
  return index + 1 < tokens.count ? tokens.starts[index + 1]! : tokens.starts[index]!;
}

/** The index of the token that holds `offset` (the later one at a border). */
export function tokenAt(tokens: TokenList, offset: number): number {
  let low = 0;
  let high = tokens.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokens.starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whitespace and comments: what no rule of the grammar looks at. */
export function isTrivia(kind: number): boolean {
  return kind === TokenKind.whitespace || kind === TokenKind.comment;
}

function isBlank(kind: number | undefined): boolean {
  return kind !== undefined && (isTrivia(kind) || kind === TokenKind.newline);
}

/** The first token from `index` on that is neither blank nor comment nor line break. */
export function significantFrom(kinds: Uint8Array, index: number): number {
  let at = index;
  while (isBlank(kinds[at])) at++;
  return at;
}

/** The last such token up to `index`; -1 without one. */
export function significantUpTo(kinds: Uint8Array, index: number): number {
  let at = index;
  while (at >= 0 && isBlank(kinds[at])) at--;
  return at;
}
