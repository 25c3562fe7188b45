// The tokens of Rego: chevrotain token types, and the token with what a newline-sensitive grammar asks of it.
import { createToken, type IToken, type TokenType } from "chevrotain";

export interface Token extends IToken {
  /** True when a line feed stands between this token and the one before. */
  newlineBefore: boolean;
  /** True when nothing at all stands between this token and the one before. */
  adjacent: boolean;
  /** For an opening bracket the index of the closing one, and the reverse; -1 when there is none. */
  match: number;
  /** Position in the token list. */
  index: number;
}

const plain = (name: string): TokenType => createToken({ name, pattern: /NA/ });

export const Identifier = plain("Identifier");
export const NumberLiteral = plain("NumberLiteral");
export const StringLiteral = plain("StringLiteral");
export const RawString = plain("RawString");
export const TemplateStart = plain("TemplateStart");
export const TemplateText = plain("TemplateText");
export const HoleStart = plain("HoleStart");
export const HoleEnd = plain("HoleEnd");
export const TemplateEnd = plain("TemplateEnd");

export const LBracket = plain("LBracket");
export const RBracket = plain("RBracket");
export const LBrace = plain("LBrace");
export const RBrace = plain("RBrace");
export const LParen = plain("LParen");
export const RParen = plain("RParen");
export const Comma = plain("Comma");
export const Semicolon = plain("Semicolon");
export const Colon = plain("Colon");
export const Dot = plain("Dot");
export const Assign = plain("Assign");
export const Unify = plain("Unify");
export const Equal = plain("Equal");
export const NotEqual = plain("NotEqual");
export const Less = plain("Less");
export const LessEqual = plain("LessEqual");
export const Greater = plain("Greater");
export const GreaterEqual = plain("GreaterEqual");
export const Plus = plain("Plus");
export const Minus = plain("Minus");
export const Times = plain("Times");
export const Divide = plain("Divide");
export const Remainder = plain("Remainder");
export const And = plain("And");
export const Or = plain("Or");
export const Illegal = plain("Illegal");

export const keywordTokens = {
  as: plain("as"),
  default: plain("default"),
  else: plain("else"),
  false: plain("false"),
  import: plain("import"),
  not: plain("not"),
  null: plain("null"),
  package: plain("package"),
  some: plain("some"),
  true: plain("true"),
  with: plain("with"),
  every: plain("every"),
  if: plain("if"),
  in: plain("in"),
} as const;

export const punctuation: readonly (readonly [string, TokenType])[] = [
  [":=", Assign],
  ["==", Equal],
  ["!=", NotEqual],
  ["<=", LessEqual],
  [">=", GreaterEqual],
  ["=", Unify],
  ["<", Less],
  [">", Greater],
  ["+", Plus],
  ["-", Minus],
  ["*", Times],
  ["/", Divide],
  ["%", Remainder],
  ["&", And],
  ["|", Or],
  ["[", LBracket],
  ["]", RBracket],
  ["{", LBrace],
  ["}", RBrace],
  ["(", LParen],
  [")", RParen],
  [",", Comma],
  [";", Semicolon],
  [":", Colon],
  [".", Dot],
];
