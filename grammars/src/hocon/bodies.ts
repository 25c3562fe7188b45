// Reads brackets one by one from a queue, so that any depth of nesting is read without recursion.
import type { BodyActions, OpenBody } from "./body-actions.ts";
import {
  ArrayGroup,
  BodyParser,
  BodyToken,
  Comma,
  IncludeWord,
  Newline,
  ObjectGroup,
  SeparatorToken,
  Stray,
  Substitution,
  Word,
} from "./grammar.ts";
import { isTrivia, type PairedTokens, TokenKind, tokenEnd } from "./tokens.ts";

let shared: BodyParser | undefined;

/** Reads every bracket that waits in `actions`, and those inside them; `done` is called with each. */
export function readBodies(actions: BodyActions, done: (body: OpenBody) => void): void {
  const { tokens, json, text } = actions;
  shared ??= new BodyParser();
  shared.actions = actions;
  for (let body = actions.pending.pop(); body !== undefined; body = actions.pending.pop()) {
    actions.begin(body);
    shared.input = bodyTokens(tokens, body, json, text);
    if (body.node.kind === "array") shared.arrayBody();
    else shared.objectBody();
    actions.finish();
    done(body);
  }
}

/** The tokens of one bracket's content, nested brackets folded into one token each. */
function bodyTokens(tokens: PairedTokens, { first, last, node }: OpenBody, json: boolean, text: string): BodyToken[] {
  const { kinds, starts, partners } = tokens;
  const out: BodyToken[] = [];
  let keyPosition = node.kind === "object" && !json;
  for (let index = first; index < last; index++) {
    const kind = kinds[index] as TokenKind;
    if (isTrivia(kind)) continue;
    const start = starts[index]!;
    switch (kind) {
      case TokenKind.newline:
        out.push(new BodyToken(Newline, start, index));
        if (out.at(-2)?.tokenType !== SeparatorToken && out.at(-2)?.tokenType !== Newline)
          keyPosition = node.kind === "object" && !json;
        continue;
      case TokenKind.comma:
        out.push(new BodyToken(Comma, start, index));
        keyPosition = node.kind === "object" && !json;
        continue;
      case TokenKind.colon:
      case TokenKind.equals:
      case TokenKind.plusEquals:
        out.push(new BodyToken(json && kind !== TokenKind.colon ? Stray : SeparatorToken, start, index));
        break;
      case TokenKind.openBrace:
      case TokenKind.openBracket: {
        out.push(new BodyToken(kind === TokenKind.openBrace ? ObjectGroup : ArrayGroup, start, index));
        const partner = partners[index]!;
        const closed = kinds[partner] === (kind === TokenKind.openBrace ? TokenKind.closeBrace : TokenKind.closeBracket);
        index = closed ? partner : partner - 1;
        break;
      }
      case TokenKind.closeBrace:
      case TokenKind.closeBracket:
        out.push(new BodyToken(Stray, start, index));
        break;
      case TokenKind.substitution:
        out.push(new BodyToken(Substitution, start, index));
        break;
      case TokenKind.unquoted:
        out.push(
          new BodyToken(keyPosition && isIncludeKeyword(text, start, tokenEnd(tokens, index)) ? IncludeWord : Word, start, index),
        );
        break;
      default:
        out.push(new BodyToken(Word, start, index));
    }
    keyPosition = false;
  }
  return out;
}

function isIncludeKeyword(text: string, start: number, end: number): boolean {
  return end - start === 7 && text.startsWith("include", start);
}
